import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';

import type { EnrolmentOf } from '../credential.ts';
import type { HealthReport, ServerDeps } from '../deps.ts';
import { sendProblem } from '../send.ts';
import { describe } from './describe.ts';
import { aliveSchema, readySchema } from './schemas.ts';

/** `/healthz` (the process lives), `/readyz` (it can answer queries) and `/metrics`. */
export function addStatus(app: FastifyInstance, deps: ServerDeps, enrolmentOf: EnrolmentOf): void {
  const alive = describe({
    operationId: 'alive', tag: 'status', summary: 'Whether the process lives', description: 'Looks at nothing else.',
    ok: { description: 'It does.', schema: aliveSchema }, problems: [],
  });
  app.get('/healthz', { schema: alive, config: { action: 'machine.health' } }, (_request, reply) => reply.send({ status: 'alive', version: deps.version, mode: deps.mode }));

  const ready = describe({
    operationId: 'ready', tag: 'status', summary: 'Whether queries can be answered',
    description: 'Looks at the journal, the database, the registry and the policies. What does not keep queries from being answered, such as witnesses that are late, is a warning.',
    ok: { description: 'They can.', schema: readySchema }, problems: ['notReady'],
  });
  app.get('/readyz', { schema: ready, config: { action: 'machine.health' } }, async (request, reply) => {
    const parts = await look(deps);
    const said = (warning: boolean): string[] => parts.filter((part) => !part.ok && (part.warning ?? false) === warning).map((part) => `${part.name}: ${part.reason ?? 'not ready'}`);
    const reasons = said(false);
    if (reasons.length > 0) return sendProblem(request, reply.header('retry-after', '5'), 'notReady', { reasons });
    return reply.send({ status: 'ready', parts: parts.map(({ name }) => name), warnings: said(true) });
  });

  const metrics = describe({
    operationId: 'metrics', tag: 'status', summary: 'The counters', description: 'In the text format of Prometheus. No label names a person. For certificates of operators; on the demonstration, for everybody.',
    ok: { description: 'The counters.', schema: Type.String(), type: 'text/plain' }, problems: ['operatorsOnly'],
  });
  app.get('/metrics', { schema: metrics, config: { action: 'machine.read' } }, async (request, reply) => {
    // Counts over all agencies and owners are for the operator; on the demonstration everybody is.
    if (deps.listener.kind === 'mtls' && enrolmentOf(request.raw.socket)?.operator !== true) return sendProblem(request, reply, 'operatorsOnly');
    return reply.header('content-type', deps.metrics.registry.contentType).send(await deps.metrics.registry.metrics());
  });
}

/** The report, or a part that says that there is none: a probe is always answered. */
async function look(deps: ServerDeps): Promise<HealthReport> {
  try {
    return await deps.health();
  } catch (error) {
    deps.log.error({ error }, 'the health report failed');
    return [{ name: 'database', ok: false, reason: 'the parts could not be looked at' }];
  }
}
