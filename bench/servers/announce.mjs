/** Tells who started this process that it listens, and ends it when asked to, or when that one is gone. */
export function announce() {
  process.on('SIGTERM', () => process.exit(0));
  process.on('disconnect', () => process.exit(0));
  process.send?.('ready');
}
