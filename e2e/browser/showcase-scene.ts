/** Who asks for what in the pictures. */
type Task = { type: string; input: unknown } & Record<string, unknown>;

const suppliers = [
  "nordlys",
  "hansen-glas",
  "atelier-brun",
  "lumen",
  "klint",
  "varde",
  "ostrava-metal",
  "petit-jour",
];
const cities = ["Bergen", "Lund", "Oslo", "Aarhus", "Malmö", "Tromsø", "Uppsala", "Odense"];
const people = ["a.berg", "c.lindgren", "j.novak", "m.okafor", "p.sand", "r.moreau", "t.weiss"];

const many = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));
const from = (list: readonly string[], index: number) => list[index % list.length] ?? "";

export const newspaper = "harbour-gazette.pdf";

export const text = {
  content: `Twice a day the sea leaves the harbour of Elvering, and twice a day it comes back. Last winter the town began to use that clock. In the old sluice below the bridge an engineer installed two slow turbines, each no louder than a washing machine. They turn for about fourteen hours a day and supply the school, the library and sixty houses.

The power is cheap but it comes when the moon decides, which is seldom at supper time. So the school heats its swimming pool at four in the morning, and the bakery moved its ovens to the same hour. What worried people most were the eels, which pass the sluice in autumn. A fence of bubbles now leads them around the blades, and in October the biologists counted more of them than in any year since 1998.`,
  metadata: { source: "newsletter", issue: 41 },
};

export const pictures = (part: number): Task[] =>
  many(500, (index) => ({ type: "resize-image", input: { file: `lamp-${part * 500 + index}.png` } }));

export const addresses: Task[] = many(60, (index) => ({
  type: "find-address",
  input: { address: `Storgatan ${index + 1}, ${from(cities, index)}` },
}));

/** Dead letters of four causes, two failures that rest, and mail that went out. */
export const brokenTasks: Task[] = [
  ...many(14, (index) => invoice(index, from(people, index))),
  ...many(9, (index) => invoice(100 + index, `${from(people, index)}@shop.test`)),
  ...many(40, (index) => invoice(200 + index, `${from(people, index)}@example.org`)),
  ...many(6, (index) => ({ type: "resize-image", input: { file: `upload-${index + 1}.heic` } })),
  ...many(3, (index) => ({
    type: "import-catalog",
    input: { supplier: from(suppliers, index), rows: 5_000 },
  })),
  ...many(2, (index) => ({
    type: "deliver-webhook",
    input: { url: `https://partner.example/gone/${index + 1}`, event: "order.sent" },
  })),
];

function invoice(number: number, to: string): Task {
  return { type: "send-invoice", input: { to, invoice: `2026-${1_000 + number}` } };
}

export const forecasts: Task[] = many(24, (index) => ({
  type: "forecast",
  input: { city: from(cities, index) },
}));

/** Refused three times, and then not tried again for a quarter of an hour. */
export const slowBooks: Task[] = many(5, (index) => ({
  type: "sync-contacts",
  input: { book: `${from(suppliers, index)}.example`, works: 9 },
}));

export const reports: Task[] = many(18, (index) => ({
  type: "monthly-report",
  input: { month: "2026-10", shop: from(cities, index) },
}));

/** More than the fleet imports at once. */
export const imports: Task[] = many(58, (index) => ({
  type: "import-catalog",
  input: {
    supplier: from(suppliers, index),
    rows: 2_000 + 500 * (index % 7),
    seconds: 900 + 60 * (index % 9),
  },
}));

export const letters: Task[] = ["Ms Okafor", "Mr Lindgren", "Ms Novak", "Mr Sand"].map((to) => ({
  type: "write-letter",
  input: { to, tone: "warm", pauseMs: 4_000 },
}));

/** The newest tasks, of all types and fates, in the order in which they came. */
export const latest: Task[][] = many(16, (index) => [
  ...(index % 3 === 0 ? [{ type: "forecast", input: { city: from(cities, index) } }] : []),
  ...(index % 4 === 1 ? [{ type: "sync-contacts", input: { book: `${from(people, index)}.example` } }] : []),
  ...(index % 5 === 2
    ? [{ type: "import-catalog", input: { supplier: "varde", rows: 900, seconds: 300 } }]
    : []),
  ...(index % 6 === 4
    ? [{ type: "summarize", input: { content: `${from(cities, index)}: ${text.content}` } }]
    : []),
  index === 11 ? invoice(311, "t.weiss") : invoice(300 + index, `${from(people, index)}@example.org`),
  { type: "resize-image", input: { file: `chair-${index}.png` } },
  ...(index % 2 === 0
    ? [{ type: "find-address", input: { address: `Havnegata ${index + 3}, Bergen` } }]
    : []),
]);
