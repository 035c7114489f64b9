import { PageHeader } from "../../ui/page-header.tsx";

export function TaskScreen() {
  return <PageHeader title="task" documentTitle="task" />;
}
