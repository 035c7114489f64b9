import { setColumns } from "./pdf-fixture-columns.ts";
import { buildPdf, type FixturePage, type FixtureText } from "./pdf-fixture-file.ts";

const margin = 40;
const width = 515;
const gap = 12;

const FERRY =
  "The harbour council voted on Mon·day evening to buy a second ferry, ending a dispute that has divided the island " +
  "since the spring. The vessel will carry forty cars and two hundred passen·gers, and it is expec·ted to enter " +
  "ser·vice before the sum·mer timetable begins.\n" +
  "Islanders have com·plained for years that a single ferry leaves them cut off when·ever it needs repairs. Last " +
  "Jan·uary the crossing was closed for eleven days, and the super·market ran out of bread on the fourth.\n" +
  "The treas·urer warned that the pur·chase would raise the debt of the council to nine mil·lion, but a majority held " +
  "that the cost of doing nothing was greater. A well-known shipyard on the main·land has offered to deliver the ferry " +
  "within ten months, provided that the contract is signed by the end of April.\n" +
  "Commuters waiting at the quay on Tues·day morning wel·comed the news. Several said they would believe in the second " +
  "ferry only when they stood on its deck.";

const LIBRARY =
  "The town library will stay open until nine every evening from April, after a trial that brought twice as many " +
  "stu·dents through its doors. Librarians asked for the change when they found readers wait·ing on the steps at " +
  "closing time.\n" +
  "The longer hours are paid for by a founda·tion that also restored the read·ing room. Its chairman said that a warm " +
  "room with books was the cheapest invest·ment a town could make in its young people.\n" +
  "Volun·teers will look after the evening lending desk, and the chil·dren’s corner will close at six as before.";

const STORM =
  "A storm is due to reach the coast on Thursday night, the weather office said. Gusts of up to ninety kilo·metres an " +
  "hour are fore·cast for the outer islands.\n" +
  "Boat owners were told to double their moor·ings, and the Friday market has been moved into the old fish hall.";

const ORCHARD =
  "Apple growers in the valley expect the best harvest for a decade, thanks to a late winter that held the blossom " +
  "back until the frosts were over. The growers’ associa·tion counted on average a third more fruit on each tree than " +
  "in the year before.\n" +
  "Pick·ers are now the bottle·neck. Orchards that relied on sea·sonal workers from abroad report that only half of " +
  "them have found rooms, and some families have begun to let out their attics.\n" +
  "Cider makers are the quiet winners: fruit that would once have been left on the grass now fetches a price that " +
  "covers the cost of pick·ing it.";

/** Two pages of a newspaper: a masthead with a dateline, four articles in one to three columns, a picture. */
export function newspaperPdf(): Uint8Array {
  return buildPdf([frontPage(), secondPage()]);
}

function frontPage(): FixturePage {
  return {
    texts: [
      heading("The Harbour Gazette", 150, 62, 36),
      line("Tuesday, 12 March 2024", margin, 84, 9),
      line("No. 4,217", 280, 84, 9),
      line("Price 2.50", 515, 84, 9),
      heading("Council buys a second ferry after months of dispute", margin, 130, 22),
      line("The vessel is to enter service before summer, at a cost of nine million", margin, 150, 13),
      line("By Anna Lindqvist", margin, 168, 9, "italic"),
      ...setColumns(FERRY, { x: margin, y: 186, width: width, columns: 3, gap: gap, size: 10 }),
      heading("Library to stay open until nine", margin, 330, 18),
      line("By Tomas Reyes", margin, 346, 9, "italic"),
      ...setColumns(LIBRARY, { x: margin, y: 364, width: 339, columns: 2, gap: gap, size: 10 }),
      heading("Storm due on", 391, 330, 16),
      heading("Thursday night", 391, 348, 16),
      ...setColumns(STORM, { x: 391, y: 368, width: 164, columns: 1, gap: gap, size: 10 }),
      line("The Harbour Gazette · page 1", 240, 815, 8),
    ],
  };
}

function secondPage(): FixturePage {
  return {
    texts: [
      line("The Harbour Gazette", margin, 40, 8),
      heading("Apple growers expect a record harvest", margin, 90, 22),
      line("By Maria Olsen", margin, 108, 9, "italic"),
      line("Pickers in the Holm orchard last week.", margin, 312, 8, "italic"),
      ...setColumns(ORCHARD, { x: margin, y: 345, width: width, columns: 3, gap: gap, size: 10 }),
      line("The Harbour Gazette · page 2", 240, 815, 8),
    ],
    images: [{ x: margin, y: 122, width: width, height: 180 }],
  };
}

function heading(text: string, x: number, y: number, size: number): FixtureText {
  return { x, y, size, bold: true, text };
}

function line(text: string, x: number, y: number, size: number, style?: "italic"): FixtureText {
  return { x, y, size, text, ...(style === "italic" ? { italic: true } : {}) };
}
