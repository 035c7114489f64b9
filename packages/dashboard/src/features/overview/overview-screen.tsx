import { PageHeader } from "../../ui/page-header.tsx";

export function OverviewScreen() {
  return <PageHeader title="overview" documentTitle="overview" />;
}
