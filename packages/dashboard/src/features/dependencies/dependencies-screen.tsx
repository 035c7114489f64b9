import { PageHeader } from "../../ui/page-header.tsx";

export function DependenciesScreen() {
  return <PageHeader title="dependencies" documentTitle="dependencies" />;
}
