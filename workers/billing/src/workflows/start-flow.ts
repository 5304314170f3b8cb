/**
 * Starts an instance once: an id that exists already is a repeat, and is fine. Throws when the platform
 * refuses for another reason. The check comes after the attempt, so that two callers cannot both miss it.
 */
export async function startFlow<Input>(flow: Workflow<Input>, id: string, params: Input): Promise<void> {
  try {
    await flow.create({ id, params });
  } catch (error) {
    if (!(await exists(flow, id))) throw error;
  }
}

async function exists(flow: Workflow, id: string): Promise<boolean> {
  try {
    await flow.get(id);
    return true;
  } catch {
    return false;
  }
}
