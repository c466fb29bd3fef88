/**
 * Every code that a client or an operator can meet, in one table. A code's meaning is stable: code is
 * matched on, messages are read. The number is the HTTP status that goes with it where a request fails
 * as a whole.
 */
export const ERROR_CODES = {
  BAD_REQUEST: 400,
  BAD_USER_INPUT: 400,
  POSITION_INVALID: 400,
  GRAPHQL_PARSE_FAILED: 400,
  GRAPHQL_VALIDATION_FAILED: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  DEPTH_EXCEEDED: 400,
  ALIASES_EXCEEDED: 400,
  ROOT_FIELDS_EXCEEDED: 400,
  DIRECTIVES_EXCEEDED: 400,
  TOKENS_EXCEEDED: 400,
  SELECTIONS_EXCEEDED: 400,
  VARIABLES_EXCEEDED: 400,
  BATCH_EXCEEDED: 400,
  COST_EXCEEDED: 400,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  NOT_ACCEPTABLE: 406,
  REQUEST_TIMEOUT: 408,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RATE_LIMITED: 429,
  // For overrunning limits again and again.
  BLOCKED: 429,
  HEADERS_TOO_LARGE: 431,
  LIST_TOO_LARGE: 400,
  CONFLICT: 409,
  DATABASE_UNAVAILABLE: 503,
  // Whether credentials hold can't be found out: neither anonymous nor refused for good.
  IDENTITY_UNAVAILABLE: 503,
  OVERLOADED: 503,
  CHANGE_LOG_UNAVAILABLE: 503,
  LIMITS_UNAVAILABLE: 503,
  // The queues of jobs can't be reached.
  JOBS_UNAVAILABLE: 503,
  // What a job comes to takes more than may be kept.
  JOB_TOO_LARGE: 500,
  CANCELLED: 499,
  TIMEOUT: 504,
  SHUTTING_DOWN: 503,
  SESSIONS_OFF: 501,
  OPERATION_RESOLUTION_FAILURE: 400,
  // Part of the automatic persisted queries protocol: the client sends the document next, so no failure.
  PERSISTED_QUERY_NOT_FOUND: 200,
  INTERNAL_SERVER_ERROR: 500,
  // Start-up and command line
  CONFIG_INVALID: 500,
  SCHEMA_INVALID: 500,
  MODEL_GRAPH_INVALID: 500,
  DATABASE_UNREACHABLE: 500,
  DATABASE_SCHEMA_LAGS: 500,
  MIGRATION_FAILED: 500,
  PORT_TAKEN: 500,
  ALREADY_RUNNING: 500,
  DISK_FULL: 500,
  SERVICE_MISSING: 500,
  GRAPHIQL_BUILD_FAILED: 500,
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;
