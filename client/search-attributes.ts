import { type Client, isGrpcServiceError } from '@temporalio/client';
import { SEARCH_ATTRIBUTE_NAMES } from '../contracts/search-attributes.ts';
import { NamespaceSetupError } from '../services/errors.ts';

/** `temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD`. */
const KEYWORD = 2;

/** Names of Almanac's search attributes that the namespace lacks, or has with another type. */
export async function missingSearchAttributes({ connection, options }: Client): Promise<string[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({
    namespace: options.namespace,
  });
  return SEARCH_ATTRIBUTE_NAMES.filter((name) => Number(customAttributes[name]) !== KEYWORD);
}

/**
 * Adds the search attributes that the namespace lacks, and returns their names.
 * @throws NamespaceSetupError where Almanac lacks the permission, as on Temporal Cloud.
 */
export async function ensureSearchAttributes(temporal: Client): Promise<string[]> {
  const { namespace } = temporal.options;
  let missing: string[] = [...SEARCH_ATTRIBUTE_NAMES];
  try {
    missing = await missingSearchAttributes(temporal);
    if (missing.length === 0) return [];
    await temporal.connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])),
    });
    return missing;
  } catch (cause) {
    if (!isGrpcServiceError(cause) || !isRefusal(cause.code)) throw cause;
    const flags = missing.map((name) => `--sa ${name}=Keyword`).join(' ');
    throw new NamespaceSetupError(
      `The search attributes ${missing.join(', ')} cannot be added to namespace ${namespace} from here. On Temporal Cloud add them in the Web UI as type Keyword, or with \`tcld namespace search-attributes add --namespace ${namespace} ${flags}\`.`,
      { cause },
    );
  }
}

/** gRPC status codes PERMISSION_DENIED, UNIMPLEMENTED and UNAUTHENTICATED. */
const REFUSALS = [7, 12, 16];

function isRefusal(code: number): boolean {
  return REFUSALS.includes(code);
}
