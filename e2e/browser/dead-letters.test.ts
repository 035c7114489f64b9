/** What gave up, by its cause, and back to work. */
import { until } from "@workstream/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestBrowser } from "./browser.ts";
import { DashboardStage, storeKinds } from "./dashboard-stage.ts";

describe.each(storeKinds)("dead letters on the %s store", (store) => {
  let stage: DashboardStage;
  let browser: TestBrowser;

  beforeAll(async () => {
    [stage, browser] = await Promise.all([DashboardStage.open(store), TestBrowser.launch()]);
  });
  afterAll(() => Promise.all([browser?.close(), stage?.close()]));

  it("shows causes as they come, retries one task and a group, and purges the rest", async () => {
    const { page, complaints } = await browser.open(`${stage.url}/dead-letters`);
    await page.getByText("No dead letters").first().waitFor();

    const wrong = Array.from({ length: 4 }, (_, number) => ({
      type: "send-invoice",
      input: { to: `customer ${number}` },
    }));
    const refused = Array.from({ length: 3 }, (_, number) => ({
      type: "send-invoice",
      input: { to: `c${number}@example.org` },
    }));
    await stage.addMany([...wrong, ...refused]);
    await page.getByRole("heading", { name: "7 dead letters, 2 causes" }).waitFor();

    const noAddress = page.getByRole("region", { name: /is no address/ });
    await noAddress.getByRole("link", { name: "Show the newest" }).click();
    await page.waitForURL(/[?&]group=./);
    await noAddress.getByRole("listitem").first().getByRole("button", { name: "Retry" }).click();

    // The task that was retried dies again meanwhile: a card that moves between press and release takes no click.
    const answer = page.getByRole("alertdialog").getByRole("button", { name: /^Retry \d task/ });
    await until("the question", async () => {
      await noAddress.getByRole("button", { name: "Retry all" }).click();
      return answer.waitFor({ timeout: 3_000 }).then(
        () => true,
        () => false,
      );
    });
    await answer.click();
    await page.getByText(/^Retried \d tasks/).waitFor();

    await page
      .getByRole("region", { name: /ECONNREFUSED/ })
      .getByRole("button", { name: "Purge" })
      .click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Purge 3 tasks" }).click();
    await page.getByText("Deleted 3 tasks").waitFor();
    await page.getByRole("heading", { name: "4 dead letters, 1 cause" }).waitFor();
    expect(complaints).toEqual([]);
  });
});
