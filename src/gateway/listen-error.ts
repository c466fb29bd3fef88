import { SluiceError } from '../kernel/sluice-error.js';

/** Says in a sentence why a server could not listen; other errors come back as they are. */
export function explainListenError(error: unknown, host: string, port: number): unknown {
  switch ((error as NodeJS.ErrnoException | null)?.code) {
    case 'EADDRINUSE':
      return new SluiceError('PORT_TAKEN', `Port ${port} is taken by another program`, {
        hint: `Stop it, or choose another port: PORT=${port + 1}`,
        cause: error,
      });
    case 'EACCES':
      return new SluiceError('CONFIG_INVALID', `Port ${port} may not be listened on by this user`, {
        hint: 'Choose a port from 1024 on: PORT=4000',
        cause: error,
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new SluiceError(
        'CONFIG_INVALID',
        `SLUICE_HTTP_HOST is "${host}": this machine has no such address`,
        {
          cause: error,
        },
      );
    default:
      return error;
  }
}
