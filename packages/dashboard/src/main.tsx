import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { fetchScreensWhenIdle } from "./app/lazy-screen.ts";
import { liveFeed } from "./lib/live/use-live.ts";
import { applyLook, followLook } from "./lib/preferences.ts";
import "./styles.css";

applyLook();
followLook();
liveFeed.start();

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element with the id root.");
createRoot(root).render(<App />);
fetchScreensWhenIdle();
