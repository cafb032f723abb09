import type { Database } from '../../prisma/client.ts';
import type { Agenda } from './agenda.ts';
import type { Narrate } from './narrator.ts';

/** Adds a narrative to an agenda, where its workspace allows that it leaves the house. */
export async function addNarrative(
  database: Database,
  agenda: Agenda,
  narrate: Narrate | null,
): Promise<Agenda> {
  if (narrate === null) return agenda;
  const workspace = await database.workspace.findUnique({
    where: { id: agenda.workspaceId },
    select: { narrative: true },
  });
  if (workspace?.narrative !== true) return agenda;
  const narrative = await narrate(agenda);
  return narrative === null ? agenda : { ...agenda, narrative };
}
