import { PageHeader } from "../../ui/page-header.tsx";

export function NewTaskScreen() {
  return <PageHeader title="new-task" documentTitle="new-task" />;
}
