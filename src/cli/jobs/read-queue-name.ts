import { isQueueName, QUEUE_NAMES, type QueueName } from '../../jobs/queue-names.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import { didYouMean } from '../../kernel/suggestion.js';

/** A queue that somebody named on the command line. @throws SluiceError `BAD_USER_INPUT` */
export function readQueueName(name: string): QueueName {
  if (isQueueName(name)) return name;
  throw new SluiceError(
    'BAD_USER_INPUT',
    `There is no queue "${name}"${didYouMean(name, QUEUE_NAMES)}; there are ${QUEUE_NAMES.join(', ')}`,
  );
}
