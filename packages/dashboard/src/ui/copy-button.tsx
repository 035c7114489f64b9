import { Check, Copy } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { Button } from "./button.tsx";

type CopyButtonProps = { text: string | (() => string); label: string; children?: ReactNode };

export function CopyButton({ text, label, children }: CopyButtonProps) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), 1_500);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async () => {
    await navigator.clipboard.writeText(typeof text === "string" ? text : text());
    setCopied(true);
  };
  return (
    <Button
      tone={children === undefined ? "ghost" : "plain"}
      size={children === undefined ? "iconSm" : "sm"}
      aria-label={children === undefined ? label : undefined}
      title={label}
      onClick={() => void copy().catch(() => {})}
    >
      {isCopied ? <Check /> : <Copy />}
      {children}
      <span className="sr-only" role="status">
        {isCopied ? "Copied" : ""}
      </span>
    </Button>
  );
}
