import { useRouter } from "@tanstack/react-router";
import { useMemo } from "react";
import type { ListAddress } from "./list-address.ts";

const placeholder = "task-id";

/** Addresses of tasks in a list. The router builds one, for the others only the id is another: rows are many. */
export function useTaskHref(address: ListAddress): (taskId: string) => string {
  const router = useRouter();
  return useMemo(() => {
    const { href } = router.buildLocation({
      to: "/tasks/$taskId",
      params: { taskId: placeholder },
      search: address,
    });
    const [before = "", after = ""] = href.split(placeholder);
    return (taskId) => before + encodeURIComponent(taskId) + after;
  }, [router, address]);
}
