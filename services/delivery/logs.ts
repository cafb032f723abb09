import { DELIVERY_LOGS, type DeliveryLogName } from '../../contracts/delivery.ts';
import { Prisma } from '../../prisma/generated/client.ts';

/** A log of each workspace that is delivered: its types of events, and the tables of its positions and cursors. */
export interface DeliveryLog {
  name: DeliveryLogName;
  types: readonly string[];
  positions: Prisma.Sql;
  cursors: Prisma.Sql;
}

export const LOGS: Readonly<Record<DeliveryLogName, DeliveryLog>> = {
  events: {
    name: 'events',
    types: DELIVERY_LOGS.events,
    positions: Prisma.sql`calendar_change_positions`,
    cursors: Prisma.sql`webhook_cursors`,
  },
  workspace: {
    name: 'workspace',
    types: DELIVERY_LOGS.workspace,
    positions: Prisma.sql`workspace_change_positions`,
    cursors: Prisma.sql`webhook_workspace_cursors`,
  },
};

/** Logs that have any of these types. */
export function logsOf(types: readonly string[]): DeliveryLog[] {
  return Object.values(LOGS).filter((log) => log.types.some((type) => types.includes(type)));
}

/** Condition that a subscription `s` asks for a type of the log. */
export function wants({ types }: DeliveryLog): Prisma.Sql {
  return Prisma.sql`s.types && ${types}::text[]`;
}
