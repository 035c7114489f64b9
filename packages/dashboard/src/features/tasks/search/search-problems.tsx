import { Button } from "../../../ui/button.tsx";
import type { SearchProblem } from "./task-search.ts";

type SearchProblemsProps = {
  id: string;
  problems: readonly SearchProblem[];
  onRemedy: (problem: SearchProblem) => void;
};

/** What is wrong with a search, and what would be right. */
export function SearchProblems({ id, problems, onRemedy }: SearchProblemsProps) {
  if (problems.length === 0) return null;
  return (
    <ul id={id} className="mt-1.5 flex flex-col gap-1 text-xs text-danger">
      {problems.map((problem) => (
        <li key={problem.start} className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="break-words">
            {!problem.message.includes(problem.token) && <code className="mr-1">{problem.token}</code>}
            {problem.message}
          </span>
          {problem.remedy !== undefined && (
            <Button size="sm" onClick={() => onRemedy(problem)}>
              Use <code>{problem.remedy}</code>
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
