/** What someone does on a first day: give it work, watch it, stop it, and mend what failed. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newspaperPdf } from "../../packages/tasks/src/pdfxtract/pdf-fixture.ts";
import { TestBrowser } from "./browser.ts";
import { DashboardStage, storeKinds } from "./dashboard-stage.ts";

describe.each(storeKinds)("on the %s store", (store) => {
  let stage: DashboardStage;
  let browser: TestBrowser;

  beforeAll(async () => {
    [stage, browser] = await Promise.all([
      DashboardStage.open(store, { hasModel: true }),
      TestBrowser.launch(),
    ]);
  });
  afterAll(() => Promise.all([browser?.close(), stage?.close()]));

  it("submits a text and sees it completed, without a reload", async () => {
    const { page, complaints } = await browser.open(stage.url);
    await page.evaluate(() => Object.assign(globalThis, { isTheSamePage: true }));
    await page.getByRole("link", { name: "New task" }).first().click();
    await page.getByRole("link", { name: /^summarize/ }).click();
    await page
      .getByLabel("Text")
      .fill(
        "The committee met on Monday. It heard three reports. The budget was approved by a large majority.",
      );
    await page.keyboard.press("Control+Enter");
    await page.waitForURL(/\/tasks\/[0-9a-f-]{36}/);
    await page.getByText("Completed").first().waitFor();
    await page.getByRole("heading", { name: "Summary" }).waitFor();
    expect(await page.evaluate(() => "isTheSamePage" in globalThis)).toBe(true);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("uploads a PDF and reads its articles", async () => {
    const { page, complaints } = await browser.open(`${stage.url}/new?type=pdfxtract`);
    await page.locator("input[type=file]").setInputFiles({
      name: "paper.pdf",
      mimeType: "application/pdf",
      buffer: Buffer.from(newspaperPdf()),
    });
    await page.getByText("paper.pdf").first().waitFor();
    await page.getByRole("button", { name: "Extract the articles" }).click();
    await page.waitForURL(/\/tasks\/[0-9a-f-]{36}/);
    await page.getByText("Completed").first().waitFor();
    await page.getByRole("navigation", { name: "Pages" }).waitFor();
    await page.getByRole("article").first().waitFor();
    expect(await page.getByRole("article").count()).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("cancels a task that runs, and sees its output as it is written before", async () => {
    const id = await stage.add("write-letter", { to: "Ada", pauseMs: 400 });
    const { page, complaints } = await browser.open(`${stage.url}/tasks/${id}`);
    await page
      .getByLabel("Output as it is written")
      .getByText(/Dear Ada/)
      .waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Cancel the task" }).click();
    await page.getByText("Cancelled").first().waitFor();
    expect((await stage.task(id)).state).toBe("CANCELLED");
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("sends a task that died back from its own page", async () => {
    const id = await stage.add("send-invoice", { to: "nobody" });
    await stage.taskIs(id, "DLQ");
    const { page } = await browser.open(`${stage.url}/dead-letters`);
    await page.getByRole("link", { name: "Show the newest" }).first().click();
    await page.locator(`a[href*="${id}"]`).click();
    await page.waitForURL(new RegExp(id));
    await page.getByText("Dead letter").first().waitFor();
    await page.getByRole("button", { name: "Retry", exact: true }).click();
    await expect
      .poll(async () => (await stage.task(id)).state_history.filter(({ state }) => state === "DLQ").length, {
        timeout: 15_000,
      })
      .toBe(2);
    await page.context().close();
  });

  it("retries many at once: counts first, shows progress, tells the result", async () => {
    const ids = await stage.addMany(
      Array.from({ length: 12 }, (_, number) => ({ type: "send-invoice", input: { to: `bulk ${number}` } })),
    );
    await Promise.all(ids.map((id) => stage.taskIs(id, "DLQ")));
    const { page, complaints } = await browser.open(`${stage.url}/tasks?q=status:DLQ%20type:send-invoice`);
    await page.getByRole("checkbox", { name: `Select ${ids[0]}` }).click();
    await page.getByRole("button", { name: /^Select all( [\d,]+)? that match$/ }).click();
    await page.getByRole("button", { name: "Retry", exact: true }).click();
    await page
      .getByRole("alertdialog")
      .getByRole("button", { name: /^Retry (at least )?1[23] tasks$/ })
      .click();
    await page.getByText(/^Retried 1[23] tasks/).waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("shows new tasks when it is asked to, and never moves what one reads", async () => {
    const { page } = await browser.open(`${stage.url}/tasks`);
    const first = page.getByRole("row").nth(1);
    await first.waitFor();
    const before = await first.textContent();
    await page.getByText("Live").first().waitFor();
    const id = await stage.add("sync-contacts", { to: "new@example.org" });
    await page.getByRole("button", { name: /1 new/ }).waitFor();
    expect((await first.textContent())?.slice(0, 12)).toBe(before?.slice(0, 12));
    await page.getByRole("button", { name: /1 new/ }).click();
    await page.locator(`a[href*="${id}"]`).first().waitFor();
    await page.context().close();
  });
});
