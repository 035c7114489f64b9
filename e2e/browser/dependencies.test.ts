/** A service's breaker and limit, from the page of the one who is on call. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestBrowser } from "./browser.ts";
import { DashboardStage, storeKinds } from "./dashboard-stage.ts";

describe.each(storeKinds)("dependencies on the %s store", (store) => {
  let stage: DashboardStage;
  let browser: TestBrowser;

  beforeAll(async () => {
    [stage, browser] = await Promise.all([
      DashboardStage.open(store, { hasModel: true }),
      TestBrowser.launch(),
    ]);
  });
  afterAll(() => Promise.all([browser?.close(), stage?.close()]));

  it("forces a breaker open, so that its tasks are parked, and resets it", async () => {
    const { page, complaints } = await browser.open(`${stage.url}/dependencies`);
    const weather = page.getByRole("region", { name: "weather" });
    await weather.getByText("Closed").waitFor();
    await weather.getByRole("button", { name: "Force open" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Force open" }).click();
    await weather.getByText(/Forced open: nobody calls until it is reset/).waitFor();
    await page.getByRole("heading", { name: "weather is not called" }).waitFor();

    const id = await stage.add("forecast", { city: "Bergen" });
    await stage.taskIs(id, "SCHEDULED");

    await weather.getByRole("button", { name: "Reset" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Reset" }).click();
    await weather.getByText("Closed").waitFor();
    expect((await stage.taskIs(await stage.add("forecast", { city: "Oslo" }), "COMPLETED")).retry_count).toBe(
      0,
    );
    expect(complaints).toEqual([]);
  });

  it("changes a limit for the whole fleet, and shows a service's status and its calls", async () => {
    const { page, complaints } = await browser.open(`${stage.url}/dependencies?service=weather`);
    const weather = page.getByRole("region", { name: "weather" });
    await weather.getByRole("button", { name: /^change/ }).click();
    await page.getByRole("spinbutton", { name: "Calls" }).fill("7");
    await page.getByLabel("In seconds").fill("2");
    await page.getByRole("button", { name: "Change the limit" }).click();
    await weather.getByText("per 2 s, 3.5 a second").waitFor();
    await weather.getByRole("table", { name: "Calls by day" }).waitFor();
    expect(complaints).toEqual([]);
  });
});
