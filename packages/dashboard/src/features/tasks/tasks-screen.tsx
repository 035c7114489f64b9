import { PageHeader } from "../../ui/page-header.tsx";

export function TasksScreen() {
  return <PageHeader title="tasks" documentTitle="tasks" />;
}
