/**
 * Measures several sides in turn, `runs` times over, so that a slow moment of the machine meets all of them; every
 * second run goes the other way round.
 */
export async function interleave<Name extends string>(
  runs: number,
  sides: Record<Name, () => Promise<number>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(sides) as Name[];
  const figures = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let run = 0; run < runs; run++) {
    for (const name of run % 2 === 0 ? names : names.toReversed()) {
      const figure = await sides[name]();
      figures[name].push(figure);
      say(`run ${run + 1}  ${name.padEnd(12)} ${figure >= 100 ? Math.round(figure) : figure.toPrecision(3)}`);
    }
  }
  return figures;
}

/** Progress, apart from what is printed as the result. */
export function say(text: string): void {
  process.stderr.write(`  ${text}\n`);
}
