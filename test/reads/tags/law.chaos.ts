import { describeLaw } from './law.js';

describeLaw({ changes: 250, readsPerChange: 20, timeoutMs: 1_200_000 });
