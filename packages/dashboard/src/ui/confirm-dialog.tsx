import { AlertDialog as Parts } from "radix-ui";
import { type ReactNode, useState } from "react";
import { Button } from "./button.tsx";
import { errorText } from "./error-state.tsx";

type ConfirmDialogProps = {
  /** The button that asks. */
  trigger?: ReactNode;
  isOpen?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
  title: string;
  /** What will happen, with the numbers that it will happen to. */
  description: ReactNode;
  /** The verb: "Purge 37 tasks". */
  confirmLabel: string;
  isDangerous?: boolean;
  /** Stays open while it runs, and when it fails says why. */
  onConfirm: () => unknown;
};

export function ConfirmDialog(props: ConfirmDialogProps) {
  const [isOpenHere, setOpenHere] = useState(false);
  const isOpen = props.isOpen ?? isOpenHere;
  const setOpen = props.onOpenChange ?? setOpenHere;
  return (
    <Parts.Root open={isOpen} onOpenChange={setOpen}>
      {props.trigger !== undefined && <Parts.Trigger asChild>{props.trigger}</Parts.Trigger>}
      <Parts.Portal>
        <Parts.Overlay className="fixed inset-0 z-40 bg-[oklch(0_0_0/0.45)]" />
        <Parts.Content className="fixed top-1/2 left-1/2 z-50 w-[min(28rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 rounded-lg border bg-panel p-5 shadow-overlay">
          <ConfirmBody {...props} onDone={() => setOpen(false)} />
        </Parts.Content>
      </Parts.Portal>
    </Parts.Root>
  );
}

function ConfirmBody({
  title,
  description,
  confirmLabel,
  isDangerous = true,
  onConfirm,
  onDone,
}: ConfirmDialogProps & { onDone: () => void }) {
  const [isRunning, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const confirm = async () => {
    setRunning(true);
    setFailure(null);
    try {
      await onConfirm();
      onDone();
    } catch (error) {
      setFailure(error);
    } finally {
      setRunning(false);
    }
  };
  return (
    <>
      <Parts.Title className="text-lg leading-snug font-semibold">{title}</Parts.Title>
      <Parts.Description asChild>
        <div className="mt-2 text-sm text-soft">{description}</div>
      </Parts.Description>
      {failure !== null && (
        <p role="alert" className="mt-3 text-sm text-danger">
          {errorText(failure)}
        </p>
      )}
      <div className="mt-5 flex justify-end gap-2">
        <Parts.Cancel asChild>
          <Button>Cancel</Button>
        </Parts.Cancel>
        <Button
          tone={isDangerous ? "solidDanger" : "primary"}
          disabled={isRunning}
          onClick={() => void confirm()}
        >
          {isRunning ? "Working…" : confirmLabel}
        </Button>
      </div>
    </>
  );
}
