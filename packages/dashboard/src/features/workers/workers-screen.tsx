import { PageHeader } from "../../ui/page-header.tsx";

export function WorkersScreen() {
  return <PageHeader title="workers" documentTitle="workers" />;
}
