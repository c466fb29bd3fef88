import { Counter, Gauge, type Registry } from 'prom-client';

/** Of what is told as it happens. */
export interface SubscriptionsMetrics {
  readonly open: Gauge;
  readonly subscriptions: Counter<'outcome'>;
  readonly events: Counter;
}

export function createSubscriptionsMetrics(registers: Registry[]): SubscriptionsMetrics {
  return {
    open: new Gauge({ name: 'sluice_subscriptions_open', help: 'Subscriptions that are open.', registers }),
    subscriptions: new Counter({
      name: 'sluice_subscriptions_total',
      help: 'Subscriptions by outcome (opened, refused).',
      labelNames: ['outcome'],
      registers,
    }),
    events: new Counter({
      name: 'sluice_subscriptions_events_total',
      help: 'Answers that subscribers were sent.',
      registers,
    }),
  };
}
