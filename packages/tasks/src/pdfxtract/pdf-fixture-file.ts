/**
 * PDFs for tests, written by hand so that every byte of them is known: text in the standard fonts at given places.
 */
import { encryptionOf, type FixtureEncryption } from "./pdf-fixture-encryption.ts";

/** Points; `x` from the left edge, `y` from the top edge to the baseline. Characters of Windows-1252. */
export type FixtureText = {
  x: number;
  y: number;
  size: number;
  bold?: boolean;
  italic?: boolean;
  text: string;
};

export type FixtureImage = { x: number; y: number; width: number; height: number };

export type FixturePage = {
  width?: number;
  height?: number;
  /** Degrees clockwise by which readers show the page turned. */
  rotate?: 0 | 90 | 180 | 270;
  texts: FixtureText[];
  images?: FixtureImage[];
  /** Content operators put before the texts, for what texts cannot say. */
  operators?: string;
};

export type FixtureOptions = {
  /** Encrypts with 40-bit RC4 so that this password is needed. */
  password?: string;
};

type PdfObject = { dictionary: string; stream?: Buffer };

const a4 = { width: 595, height: 842 };
const FONTS = { F1: "Times-Roman", F2: "Times-Bold", F3: "Times-Italic" };
// Objects 1 to 6 are the catalog, the page tree, the three fonts and the image; pages and contents follow in pairs.
const firstPageObject = 7;

export function buildPdf(pages: readonly FixturePage[], options: FixtureOptions = {}): Uint8Array {
  const encryption = options.password === undefined ? undefined : encryptionOf(options.password);
  return serialize([...sharedObjects(pages.length), ...pages.flatMap(pageObjects)], encryption);
}

function sharedObjects(pageCount: number): PdfObject[] {
  const kids = Array.from({ length: pageCount }, (_, index) => `${firstPageObject + 2 * index} 0 R`).join(
    " ",
  );
  const fonts = Object.values(FONTS).map((name) => ({
    dictionary: `/Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding`,
  }));
  return [
    { dictionary: "/Type /Catalog /Pages 2 0 R" },
    { dictionary: `/Type /Pages /Count ${pageCount} /Kids [${kids}]` },
    ...fonts,
    {
      dictionary:
        "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1",
      stream: Buffer.from([0x99]),
    },
  ];
}

function pageObjects(page: FixturePage, index: number): PdfObject[] {
  const { width = a4.width, height = a4.height, rotate = 0 } = page;
  const content = Buffer.from(contentOf(page, height), "latin1");
  const resources = "/Font << /F1 3 0 R /F2 4 0 R /F3 5 0 R >> /XObject << /Im 6 0 R >>";
  return [
    {
      dictionary:
        `/Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Rotate ${rotate} ` +
        `/Resources << ${resources} >> /Contents ${firstPageObject + 2 * index + 1} 0 R`,
    },
    { dictionary: `/Length ${content.length}`, stream: content },
  ];
}

function contentOf({ texts, images = [], operators = "" }: FixturePage, height: number): string {
  const pictures = images.map(
    (image) =>
      `q ${image.width} 0 0 ${image.height} ${image.x} ${height - image.y - image.height} cm /Im Do Q`,
  );
  const lines = texts.map(({ x, y, size, bold, italic, text }) => {
    const font = bold ? "F2" : italic ? "F3" : "F1";
    return `BT /${font} ${size} Tf ${x} ${height - y} Td (${escapeText(text)}) Tj ET`;
  });
  return [operators, ...pictures, ...lines].join("\n");
}

// The characters of Windows-1252 that are elsewhere in Unicode.
const winAnsi: Record<string, number> = {
  "–": 0x96,
  "—": 0x97,
  "‘": 0x91,
  "’": 0x92,
  "“": 0x93,
  "”": 0x94,
  "•": 0x95,
  "€": 0x80,
};

function escapeText(text: string): string {
  return [...text]
    .map((char) =>
      /[\\()]/.test(char) ? `\\${char}` : String.fromCharCode(winAnsi[char] ?? char.charCodeAt(0)),
    )
    .join("");
}

function serialize(objects: readonly PdfObject[], encryption: FixtureEncryption | undefined): Uint8Array {
  const parts: Buffer[] = [Buffer.from("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", "latin1")];
  const offsets: number[] = [];
  const all = encryption ? [...objects, { dictionary: encryption.dictionary }] : objects;
  all.forEach((object, index) => {
    offsets.push(parts.reduce((sum, part) => sum + part.length, 0));
    const data = object.stream && encryption ? encryption.encrypt(object.stream, index + 1) : object.stream;
    const stream = data ? `\nstream\n${data.toString("latin1")}\nendstream` : "";
    parts.push(Buffer.from(`${index + 1} 0 obj\n<< ${object.dictionary} >>${stream}\nendobj\n`, "latin1"));
  });
  const start = parts.reduce((sum, part) => sum + part.length, 0);
  const entries = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  const security = encryption
    ? ` /Encrypt ${all.length} 0 R /ID [<${encryption.id}> <${encryption.id}>]`
    : "";
  const trailer = `trailer\n<< /Size ${all.length + 1} /Root 1 0 R${security} >>\nstartxref\n${start}\n%%EOF\n`;
  parts.push(Buffer.from(`xref\n0 ${all.length + 1}\n0000000000 65535 f \n${entries}${trailer}`, "latin1"));
  return new Uint8Array(Buffer.concat(parts));
}
