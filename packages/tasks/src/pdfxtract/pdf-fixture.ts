/** PDFs made by code, for the tests of this and other packages. */
export { buildPdf, type FixturePage } from "./pdf-fixture-file.ts";
export { newspaperPdf } from "./pdf-fixture-newspaper.ts";
