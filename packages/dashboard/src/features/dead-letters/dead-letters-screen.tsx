import { PageHeader } from "../../ui/page-header.tsx";

export function DeadLettersScreen() {
  return <PageHeader title="dead-letters" documentTitle="dead-letters" />;
}
