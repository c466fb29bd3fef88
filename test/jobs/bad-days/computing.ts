import type { ThreadTask } from '../../../src/jobs/job-definition.js';

/** Counts primes, as something that takes a CPU. */
export default function countPrimes({ args, progress }: ThreadTask): number {
  const { below } = args as { readonly below: number };
  let primes = 0;
  for (let n = 2; n < below; n++) {
    let isPrime = true;
    for (let divisor = 2; divisor * divisor <= n && isPrime; divisor++) isPrime = n % divisor !== 0;
    if (isPrime) primes += 1;
  }
  progress(below, below);
  return primes;
}
