/**
 * Carries out a Dockerfile without Docker, so that what the images hold can be built and run where there is no engine.
 *
 * Every stage gets a folder that stands for the root of its file system; the base image is this machine. RUN works below
 * WORKDIR, so a command must keep to relative paths. An instruction that is not known here is an error.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import {
  type Copy,
  DockerfileParser,
  type Env,
  type From,
  type Instruction,
  type JSONInstruction,
  type Workdir,
} from "dockerfile-ast";
import { contextFiles } from "./build-context.ts";

/** A stage as it was built. */
export type BuiltImage = {
  /** The folder that stands for /. */
  root: string;
  workdir: string;
  env: Record<string, string>;
  user: string | null;
  entrypoint: string[];
  cmd: string[];
};

export type BuildOptions = {
  /** The build context. */
  context: string;
  dockerfile: string;
  /** An empty folder for the stages. */
  into: string;
  /** Asked before every RUN; true: it has done what the command does, faster. */
  insteadOfRun?: (command: string, folder: string) => boolean;
  /** Called after every RUN, with the stage's name and the folder in which it ran. */
  afterRun?: (stage: string, folder: string) => void;
};

type Build = BuildOptions & { files: string[]; images: Map<string, BuiltImage> };

/** @throws Error that names the instruction which failed */
export function buildImages(options: BuildOptions): Map<string, BuiltImage> {
  const parsed = DockerfileParser.parse(readFileSync(join(options.context, options.dockerfile), "utf8"));
  const build: Build = { ...options, files: contextFiles(options.context), images: new Map() };
  let stage = "";
  for (const instruction of parsed.getInstructions()) {
    if (instruction.getKeyword() === "FROM") stage = openStage(build, instruction as From);
    else carryOut(build, stage, instruction);
  }
  return build.images;
}

function openStage({ images, into }: Build, from: From): string {
  const stage = from.getBuildStage() ?? `stage-${images.size}`;
  const root = join(into, stage);
  mkdirSync(root, { recursive: true });
  images.set(stage, { root, workdir: "/", env: {}, user: null, entrypoint: [], cmd: [] });
  return stage;
}

type Step = { build: Build; stage: string; image: BuiltImage };

const steps: Record<string, (step: Step, instruction: Instruction) => void> = {
  WORKDIR: ({ image }, instruction) => {
    image.workdir = posix.resolve(image.workdir, (instruction as Workdir).getPath() ?? "");
    mkdirSync(folderOf(image), { recursive: true });
  },
  COPY: ({ build, image }, instruction) => copy(build, image, instruction as Copy),
  RUN: run,
  ENV: ({ image }, instruction) => {
    for (const property of (instruction as Env).getProperties())
      image.env[property.getName()] = property.getValue() ?? "";
  },
  USER: ({ image }, instruction) => {
    image.user = instruction.getArgumentsContent();
  },
  ENTRYPOINT: ({ image }, instruction) => {
    image.entrypoint = words(instruction as JSONInstruction);
  },
  CMD: ({ image }, instruction) => {
    image.cmd = words(instruction as JSONInstruction);
  },
  HEALTHCHECK: () => {},
  EXPOSE: () => {},
  STOPSIGNAL: () => {},
};

function carryOut(build: Build, stage: string, instruction: Instruction): void {
  const step = steps[instruction.getKeyword()];
  if (!step) throw new Error(`${instruction.getKeyword()} is not known to build-images.ts.`);
  step({ build, stage, image: imageNamed(build, stage) }, instruction);
}

/** The folder on this machine in which the image's processes start. */
export function folderOf({ root, workdir }: Pick<BuiltImage, "root" | "workdir">): string {
  return join(root, workdir);
}

function imageNamed({ images }: Build, stage: string): BuiltImage {
  const image = images.get(stage);
  if (!image) throw new Error(`There is no stage "${stage}".`);
  return image;
}

function words(instruction: JSONInstruction): string[] {
  const strings = instruction.getJSONStrings().map((argument) => argument.getJSONValue());
  if (strings.length === 0) throw new Error(`${instruction.getKeyword()} wants the JSON form.`);
  return strings;
}

function copy(build: Build, image: BuiltImage, instruction: Copy): void {
  const paths = instruction.getArguments().map((argument) => argument.getValue());
  const destination = paths.pop() ?? "";
  const target = join(image.root, posix.resolve(image.workdir, destination));
  const isInto = paths.length > 1 || destination.endsWith("/");
  const from = instruction.getFromFlag()?.getValue();
  for (const path of paths) {
    if (from) copyFromStage(imageNamed(build, from), path, { target, isInto });
    else copyFromContext(build, path, { target, isInto });
  }
}

type Target = { target: string; isInto: boolean };

function copyFromStage(stage: BuiltImage, path: string, { target, isInto }: Target): void {
  const source = join(stage.root, path);
  const isFolder = statSync(source).isDirectory();
  const to = isInto && !isFolder ? join(target, posix.basename(path)) : target;
  cpSync(source, to, { recursive: true, verbatimSymlinks: true });
}

function copyFromContext({ context, files }: Build, path: string, { target, isInto }: Target): void {
  const source = posix.normalize(path).replace(/\/$/, "");
  const below = files.filter((file) => source === "." || file.startsWith(`${source}/`));
  if (!files.includes(source) && below.length === 0)
    throw new Error(`COPY ${path}: the build context has no such file.`);
  if (files.includes(source))
    put(join(context, source), isInto ? join(target, posix.basename(source)) : target);
  for (const file of below) put(join(context, file), join(target, posix.relative(source, file)));
}

function put(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  cpSync(source, target);
}

function run({ build, stage, image }: Step, instruction: Instruction): void {
  const command = (instruction.getRawArgumentsContent() ?? "").replace(/^(--\S+\s+)+/, "");
  const cwd = folderOf(image);
  if (!build.insteadOfRun?.(command, cwd)) runShell(command, cwd, image);
  build.afterRun?.(stage, cwd);
}

function runShell(command: string, cwd: string, image: BuiltImage): void {
  const env = { ...ownEnvironment(), ...localEnvironment(image) };
  const { status, stdout, stderr } = spawnSync("sh", ["-euc", command], { cwd, env, encoding: "utf8" });
  if (status !== 0) throw new Error(`RUN ${command}\n${stdout}${stderr}`);
}

/** What finds programs and the registry on this machine. The rest of the environment is no image's business. */
const keptVariables =
  /^(PATH|HOME|LANG|TMPDIR|\w*_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_\w+|npm_config_(registry|cafile|\w*proxy|(user|global)config))$/i;

export function ownEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name]) => keptVariables.test(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, value ?? ""]));
}

/** The image's ENV with its paths, and those that it extends, as they are on this machine. */
export function localEnvironment({ env, root, workdir }: BuiltImage): Record<string, string> {
  const local = (value: string) =>
    value
      .split(":")
      .map((part) => (part.startsWith(workdir) ? join(root, part) : part))
      .join(":")
      .replaceAll("$PATH", ownEnvironment().PATH ?? "");
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, local(value)]));
}
