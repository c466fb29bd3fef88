/** Never comes back, and lets nothing else run in its thread. */
export default function spin(): never {
  for (;;);
}
