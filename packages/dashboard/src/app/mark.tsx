export function Mark() {
  return (
    <svg
      viewBox="0 0 20 20"
      fill="none"
      strokeWidth="2"
      strokeLinecap="round"
      aria-hidden="true"
      className="size-5 stroke-accent"
    >
      <path d="M2 6c4 0 4 8 8 8s4-8 8-8" />
      <path d="M2 14c2.2 0 3.2-2.4 4.2-4.6M18 14c-2.2 0-3.2-2.4-4.2-4.6" opacity=".5" />
    </svg>
  );
}
