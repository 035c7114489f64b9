import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { queryClient } from "../lib/query-client.ts";
import { Notices } from "../ui/notices.tsx";
import { KeyQuestion } from "./key-question.tsx";
import { router } from "./router.tsx";

export function App() {
  return (
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <KeyQuestion />
        <Notices />
      </QueryClientProvider>
    </StrictMode>
  );
}
