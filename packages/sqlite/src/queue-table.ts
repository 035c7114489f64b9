import type { Carries, LaneDepths } from "./claim-shares.ts";
import type { Connection, Statement } from "./connection.ts";
import { lanePlace, lanes } from "./places.ts";

/** What the store knows of queues: names, pauses, depths of their lists, carries of their shares. */
export class QueueTable {
  readonly #depths: Statement;
  readonly #allDepths: Statement;
  readonly #isPaused: Statement;
  readonly #paused: Statement;
  readonly #pause: Statement;
  readonly #resume: Statement;
  readonly #names: Statement;
  readonly #carries: Statement;
  readonly #setCarry: Statement;

  constructor({ prepare }: Connection) {
    this.#depths = prepare("SELECT place, tasks FROM place_counts WHERE place IN (?, ?, ?, ?)");
    this.#allDepths = prepare("SELECT place, tasks FROM place_counts");
    this.#isPaused = prepare("SELECT 1 FROM paused_queues WHERE name = ?");
    this.#paused = prepare("SELECT name FROM paused_queues ORDER BY name");
    this.#pause = prepare("INSERT OR IGNORE INTO paused_queues (name) VALUES (?)");
    this.#resume = prepare("DELETE FROM paused_queues WHERE name = ?");
    this.#names = prepare("SELECT name FROM queues ORDER BY name");
    this.#carries = prepare("SELECT name, carry FROM shares WHERE name IN (?, ?)");
    this.#setCarry = prepare("INSERT OR REPLACE INTO shares (name, carry) VALUES (?, ?)");
  }

  depthsOf(queue: string): LaneDepths {
    const places = [...lanes, "retry" as const].map((lane) => lanePlace(queue, lane));
    const counts = new Map(this.#depths.all<[string, number]>(...places));
    const depth = (lane: keyof LaneDepths) => counts.get(lanePlace(queue, lane)) ?? 0;
    return { high: depth("high"), normal: depth("normal"), low: depth("low"), retry: depth("retry") };
  }

  /** How many tasks stand in each place. */
  allDepths(): Map<string, number> {
    return new Map(this.#allDepths.all<[string, number]>());
  }

  isPaused(queue: string): boolean {
    return this.#isPaused.first(queue) !== undefined;
  }

  paused(): string[] {
    return this.#paused.all<[string]>().map(([name]) => name);
  }

  pause(queue: string): boolean {
    return this.#pause.run(queue) > 0;
  }

  resume(queue: string): boolean {
    return this.#resume.run(queue) > 0;
  }

  /** Named queues that ever held a task; primary is not among them. */
  names(): string[] {
    return this.#names.all<[string]>().map(([name]) => name);
  }

  carriesOf(queue: string): Carries {
    const carries = new Map(this.#carries.all<[string, number]>(`${queue}:retry`, `${queue}:lane`));
    return { retry: carries.get(`${queue}:retry`) ?? 0, lane: carries.get(`${queue}:lane`) ?? 0 };
  }

  setCarries(queue: string, before: Carries, after: Carries): void {
    if (after.retry !== before.retry) this.#setCarry.run(`${queue}:retry`, after.retry);
    if (after.lane !== before.lane) this.#setCarry.run(`${queue}:lane`, after.lane);
  }
}
