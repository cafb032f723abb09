import { requireVariables, type Variables } from '../client/environment.ts';
import type { Database } from '../prisma/client.ts';
import { addNarrative } from '../services/reports/add-narrative.ts';
import type { Agenda } from '../services/reports/agenda.ts';
import { createNarrator } from '../services/reports/narrator.ts';
import { printHint } from '../terminal/output.ts';

/** An agenda with its narrative; a hint says why there is none. */
export async function narrated(database: Database, agenda: Agenda, variables: Variables): Promise<Agenda> {
  const narrate = createNarrator(
    requireVariables(variables, 'NARRATIVE_API_URL', 'NARRATIVE_API_KEY', 'NARRATIVE_MODEL'),
    { onFailure: (reason) => printHint(`The day could not be told in words: ${reason}.`) },
  );
  if (narrate === null) printHint('NARRATIVE_API_URL is not set, so the day is not told in words.');
  return addNarrative(database, agenda, narrate);
}
