import { SluiceError } from '../../index.js';
import { readPrismaError } from './prisma-error.js';

/** What breaking a constraint means to the one who asked, by the constraint's name in the database. */
export interface ConstraintFaults {
  readonly [constraint: string]: () => SluiceError;
}

/**
 * The error to show for one that Prisma threw: the use case's own where it names the broken constraint, else a general
 * one by Prisma's code. Whatever is no fault of input or of the moment comes back as it is, to be masked.
 */
export function translateDatabaseError(error: unknown, faults: ConstraintFaults = {}): unknown {
  const known = readPrismaError(error);
  if (known === null) return error;
  const own = known.constraint === null ? undefined : faults[known.constraint];
  if (own !== undefined) return own();
  switch (known.code) {
    case 'P2002':
      return new SluiceError('CONFLICT', 'There is one like this already.', { cause: error });
    case 'P2003':
      return new SluiceError(
        'CONFLICT',
        'Something that this refers to is gone, or something still refers to it.',
        {
          cause: error,
        },
      );
    case 'P2025':
      return new SluiceError('NOT_FOUND', 'What this is about does not exist, or no longer does.', {
        cause: error,
      });
    case 'P2034':
      return new SluiceError(
        'CONFLICT',
        'Somebody else changed the same things at the same time: try again.',
        {
          cause: error,
        },
      );
    // The connection is refused, lost, or there are too many; or no turn came in time for a transaction.
    case 'P1001':
    case 'P1017':
    case 'P2037':
      return new SluiceError('DATABASE_UNAVAILABLE', 'The database can not be reached right now.', {
        cause: error,
      });
    case 'P2024':
    case 'P2028':
      return new SluiceError('TIMEOUT', 'This took too long and was given up; nothing has been changed.', {
        cause: error,
      });
    default:
      return error;
  }
}
