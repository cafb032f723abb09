import { z } from 'zod';
import { MOST_TEMPLATES } from '../../contracts/limits.ts';
import type { Database } from '../../prisma/client.ts';
import { RemedyAction } from '../../contracts/remedies.ts';
import { AlreadyExistsError, NotFoundError } from '../errors.ts';
import { parseInput } from '../input.ts';
import { toJson } from '../mirror/to-jsonb.ts';
import { requireRoom } from '../quota.ts';
import {
  newTemplate,
  type NewTemplate,
  type Template,
  type TemplateContent,
  templateContent,
  templateNameSchema,
} from './template-fields.ts';

export const templateSummarySchema = z.object({
  name: z.string(),
  tasks: z.int().describe('Number of its tasks'),
  habits: z.int().describe('Number of its habits'),
});
type TemplateSummary = z.infer<typeof templateSummarySchema>;

/**
 * Stores a template for all workspaces.
 * @throws AlreadyExistsError when the name is taken, QuotaExceededError when there are too many.
 */
export async function createTemplate(database: Database, input: NewTemplate): Promise<Template> {
  const template = parseInput(newTemplate, input);
  const { name, ...content } = template;
  const count = await database.taskTemplate.count();
  requireRoom('templates of an installation', MOST_TEMPLATES, { count });
  const { count: created } = await database.taskTemplate.createMany({
    data: [{ name, content: toJson(content) }],
    skipDuplicates: true,
  });
  if (created === 0)
    throw new AlreadyExistsError(`Template ${name} already exists: change it, or delete it first.`);
  return template;
}

/** All templates, by name; `MOST_TEMPLATES` bounds them. */
export async function listTemplates(database: Database): Promise<TemplateSummary[]> {
  return database.$queryRaw<TemplateSummary[]>`
    select name, jsonb_array_length(content->'tasks') as tasks, jsonb_array_length(content->'habits') as habits
    from task_templates order by name`;
}

/** @throws NotFoundError when there is no such template. */
export async function readTemplate(database: Database, template: string): Promise<Template> {
  const name = parseInput(templateNameSchema, template, 'template');
  const row = await database.taskTemplate.findUnique({ where: { name } });
  if (row === null) throw unknownTemplate(name);
  return newTemplate.parse({ name, ...(row.content as object) });
}

/**
 * Replaces what a template makes from now on. What was made with it stays.
 * @throws NotFoundError when there is no such template.
 */
export async function changeTemplate(
  database: Database,
  template: string,
  input: TemplateContent,
): Promise<Template> {
  const name = parseInput(templateNameSchema, template, 'template');
  const content = parseInput(templateContent, input);
  const { count } = await database.taskTemplate.updateMany({
    where: { name },
    data: { content: toJson(content) },
  });
  if (count === 0) throw unknownTemplate(name);
  return { name, ...content };
}

/**
 * Deletes a template. What was made with it stays.
 * @throws NotFoundError when there is no such template.
 */
export async function removeTemplate(database: Database, template: string): Promise<void> {
  const name = parseInput(templateNameSchema, template, 'template');
  const { count } = await database.taskTemplate.deleteMany({ where: { name } });
  if (count === 0) throw unknownTemplate(name);
}

const unknownTemplate = (name: string) =>
  new NotFoundError(`There is no template ${name}.`, { remedy: { action: RemedyAction.listTemplates } });
