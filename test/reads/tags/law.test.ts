import { describeLaw } from './law.js';

describeLaw({ changes: 40, readsPerChange: 8, timeoutMs: 60_000 });
