import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** What a server counts, for Prometheus. */
export interface Metrics {
  /** A request that was answered. @param route as it is declared, so that there are few @param seconds it took */
  request(route: string, status: number, seconds: number): void;
  /** Rows that were computed together. */
  batch(rows: number): void;
  /** All of it as text. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** @param waiting rows that wait at the moment */
export function createMetrics(waiting: () => number): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'pipeline_requests_total',
    help: 'Requests that were answered, by route and status of HTTP.',
    labelNames: ['route', 'code'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'pipeline_request_duration_seconds',
    help: 'Time from the head of a request to the end of its answer.',
    labelNames: ['route'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  const batches = new Histogram({
    name: 'pipeline_batch_rows',
    help: 'Rows that were computed together.',
    buckets: [1, 2, 4, 8, 16, 32, 64],
    registers: [registry],
  });
  registry.registerMetric(
    new Gauge({
      name: 'pipeline_queue_rows',
      help: 'Rows that wait to be computed.',
      registers: [],
      collect() {
        this.set(waiting());
      },
    }),
  );
  return {
    request: (route, status, time) => {
      requests.inc({ route, code: status });
      seconds.observe({ route }, time);
    },
    batch: (rows) => batches.observe(rows),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
