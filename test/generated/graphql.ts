/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** The result of a cancel, as the vendor reports it. */
export type CancelOutcome =
  /** The job was cancelled before, so the vendor rejected the cancel. */
  | 'ALREADY_CANCELLED'
  /** The vendor reports the job as cancelled. */
  | 'CANCELLED'
  /** The vendor accepted the cancel, but the job has not stopped yet. Watch its status: it may still complete or fail. */
  | 'CANCELLING';

/** The state of a vendor's circuit breaker. */
export type CircuitState =
  /** Reads are sent. */
  | 'CLOSED'
  /** One read is sent, to find out whether the vendor has recovered. */
  | 'HALF_OPEN'
  /** Reads are not sent for five seconds, because ten in a row failed. Cancels are still sent. */
  | 'OPEN';

/** A stable error code. Errors of reads carry it as `extensions.code`. Values may be added: keep a default branch. */
export type ErrorCode =
  /** An argument is invalid. Nothing was sent to a vendor. */
  | 'BAD_INPUT'
  /** The caller's role does not allow this. Nothing was sent to a vendor. */
  | 'FORBIDDEN'
  /** Internal error of the gateway. Its log has the details. */
  | 'INTERNAL'
  /** The deadline passed before this part of the operation started. Nothing was sent to a vendor. */
  | 'NOT_ATTEMPTED'
  /** The job has already ended, or never started. */
  | 'NOT_CANCELLABLE'
  /** The vendor has no such job, or hides it from this credential. */
  | 'NOT_FOUND'
  /** The gateway is overloaded. Retry after `retryAfterSeconds`. Nothing was executed. */
  | 'OVERLOADED'
  /** The caller sent too many operations. Retry after `retryAfterSeconds`. Nothing was sent to a vendor. */
  | 'RATE_LIMITED'
  /** The request has no valid credential. When the error names a vendor, the caller sent no credential for that vendor. */
  | 'UNAUTHENTICATED'
  /** The vendor sent a response that the gateway cannot read. */
  | 'VENDOR_BAD_RESPONSE'
  /** This gateway has no credential for the vendor. */
  | 'VENDOR_NOT_CONFIGURED'
  /** The vendor received too many requests. Retry after `retryAfterSeconds`, when it is known. */
  | 'VENDOR_RATE_LIMITED'
  /** The vendor rejected the request. */
  | 'VENDOR_REJECTED'
  /** The vendor did not respond in time. */
  | 'VENDOR_TIMEOUT'
  /** The vendor did not accept the credential. */
  | 'VENDOR_UNAUTHORIZED'
  /** The vendor failed or cannot be reached. */
  | 'VENDOR_UNAVAILABLE'
  /** The vendor does not support this. */
  | 'VENDOR_UNSUPPORTED';

/** Selects an execution by its global id or by the vendor's id. Set exactly one of the two. */
export type ExecutionBy =
  {   /** The vendor's id, a UUID. */
  executionId: string | number; id?: never; }
  |  { executionId?: never;   /** The global `id` from this gateway. */
  id: string | number; };

/** Which jobs to list. An omitted field does not filter. */
export type JobFilter = {
  /** Cortex: list the records of these collections, and of no others. When both filters are omitted, the server's configured collections and workflows are used or, without any, the first 20 of each in the app. At most 50 collections and workflows together. */
  cortexCollectionIds?: Array<string | number> | null | undefined;
  /** Cortex: list the runs of these workflows, and of no others. When both filters are omitted, the server's configured collections and workflows are used or, without any, the first 20 of each in the app. At most 50 collections and workflows together. */
  cortexWorkflowIds?: Array<string | number> | null | undefined;
  /** Only jobs in one of these statuses. Each covers all vendor statuses that map to it. */
  statuses?: Array<JobStatus> | null | undefined;
  /** Only jobs of these vendors. A vendor that is not configured appears in `outages`. */
  vendors?: Array<Vendor> | null | undefined;
};

/** The normalised status of a job, the same for all vendors. Values may be added: keep a default branch. */
export type JobStatus =
  /** Stopped before its end, as the vendor reports. */
  | 'CANCELLED'
  /** Cancel accepted, but not stopped yet. It may still complete or fail. */
  | 'CANCELLING'
  /** Ran to its end. This says nothing about the verdict: a completed record may have failed rules. */
  | 'COMPLETED'
  /** Created but never started. It stays so until somebody runs it. */
  | 'DRAFT'
  /** Ended by an error. */
  | 'FAILED'
  /** Accepted and waiting to start. */
  | 'QUEUED'
  /** In progress. */
  | 'RUNNING'
  /** Did not run, because of a condition or as a duplicate. */
  | 'SKIPPED'
  /** A vendor status that this gateway does not know yet. `vendorStatus` has the raw value. */
  | 'UNKNOWN';

/** Why a list of jobs is incomplete. Values may be added: keep a default branch. */
export type JobsWarningCode =
  /** A vendor's list proved to be unsorted on this page. Jobs newer than this page may be missing from earlier pages. */
  | 'LIST_OUT_OF_ORDER'
  /** A vendor's list is not sorted by date, and too long to read in full. Some jobs are missing. */
  | 'LIST_TRUNCATED'
  /** Too many jobs have the same creation time to page through. The rest of them are missing. */
  | 'SAME_TIMESTAMP_TRUNCATED'
  /** There are more collections or workflows than the gateway reads by default. Name the ones you need in the filter. */
  | 'SOURCES_TRUNCATED';

/** Selects a record by its global id or by the vendor's ids. Set exactly one of the two. */
export type RecordBy =
  {   /** The global `id` from this gateway. */
  id: string | number; ref?: never; }
  |  { id?: never;   /** The address by the vendor's own ids. */
  ref: RecordRef; };

/** The address of a record by the vendor's own ids. */
export type RecordRef = {
  /** The id of the app. Defaults to the server's configured app. */
  appId?: string | number | null | undefined;
  /** The id of the collection. */
  collectionId: string | number;
  /** The vendor's id of the record. */
  recordId: string | number;
};

/** The origin of a record. */
export type RecordSource =
  /** The vendor's API. */
  | 'API'
  /** The vendor's own app. */
  | 'APP'
  /** A connected system. */
  | 'TRIGGER'
  /** A value of the vendor that this gateway does not know yet. */
  | 'UNKNOWN'
  /** A step of a workflow. */
  | 'WORKFLOW';

/** The status of a rule of a record. */
export type RuleStatus =
  /** The rule has not run yet. */
  | 'DRAFT'
  /** The rule failed. */
  | 'FAILED'
  /** The rule passed. */
  | 'PASSED'
  /** Its workflow is running. */
  | 'RUNNING'
  /** A value of the vendor that this gateway does not know yet. */
  | 'UNKNOWN'
  /** The rule ended with a warning. */
  | 'WARN';

/** The configured verdict of a rule when its workflow ends. */
export type RuleVerdict =
  /** The rule fails. */
  | 'FAIL'
  /** The rule passes. */
  | 'PASS'
  /** A value of the vendor that this gateway does not know yet. */
  | 'UNKNOWN'
  /** The rule ends with a warning. */
  | 'WARN';

/** The origin of a run. */
export type RunOrigin =
  /** An endpoint of the workflow. */
  | 'ENDPOINT'
  /** A rule of a record. */
  | 'RECORD'
  /** A test of the workflow. */
  | 'TEST'
  /** A connected system. */
  | 'TRIGGER'
  /** A value of the vendor that this gateway does not know yet. Not allowed as an argument. */
  | 'UNKNOWN'
  /** A webhook of the workflow's input step. */
  | 'WEBHOOK'
  /** A user or the API. */
  | 'WORKFLOW';

/** A vendor that runs jobs. Values may be added: keep a default branch. */
export type Vendor =
  /** Cortex (withcortex.ai): records of collections, and runs of workflows. */
  | 'CORTEX'
  /** Kodexa (kodexa.ai): executions of assistants' pipelines. */
  | 'KODEXA';

/** What the gateway connects to for a vendor. Values may be added. */
export type VendorMode =
  /** The real vendor, at the configured base URL. */
  | 'LIVE'
  /** Nothing: this gateway has no credential for the vendor. */
  | 'NOT_CONFIGURED'
  /** The simulated vendor that ships with the gateway. Its jobs are not real. */
  | 'SANDBOX';

/** Selects a run by its global id or by the vendor's ids. Set exactly one of the two. */
export type WorkflowRunBy =
  {   /** The global `id` from this gateway. */
  id: string | number; ref?: never; }
  |  { id?: never;   /** The address by the vendor's own ids. */
  ref: WorkflowRunRef; };

/** The address of a run by the vendor's own ids. */
export type WorkflowRunRef = {
  /** The id of the app. Defaults to the server's configured app. */
  appId?: string | number | null | undefined;
  /** Whether the workflow is a discoverable workflow of another app. Its runs can be cancelled but not read. */
  discoverable?: boolean;
  /** The vendor's id of the run. */
  runId: string | number;
  /** The id of the workflow. */
  workflowId: string | number;
};

export type JobsQueryVariables = Exact<{
  filter?: JobFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type JobsQuery = { jobs: { nodes: Array<
      | { __typename: 'Execution', id: string, vendor: Vendor, vendorId: string, name: string | null, status: JobStatus, vendorStatus: string | null, isCancellable: boolean, createdAt: string | null, state:
          | { __typename: 'JobCancelled' }
          | { __typename: 'JobCancelling' }
          | { __typename: 'JobCompleted' }
          | { __typename: 'JobDraft' }
          | { __typename: 'JobFailed', failure: { message: string } }
          | { __typename: 'JobQueued' }
          | { __typename: 'JobRunning', progress: number | null }
          | { __typename: 'JobSkipped' }
          | { __typename: 'JobUnknown' }
         }
      | { __typename: 'Record', id: string, vendor: Vendor, vendorId: string, name: string | null, status: JobStatus, vendorStatus: string | null, isCancellable: boolean, createdAt: string | null, state:
          | { __typename: 'JobCancelled' }
          | { __typename: 'JobCancelling' }
          | { __typename: 'JobCompleted' }
          | { __typename: 'JobDraft' }
          | { __typename: 'JobFailed', failure: { message: string } }
          | { __typename: 'JobQueued' }
          | { __typename: 'JobRunning', progress: number | null }
          | { __typename: 'JobSkipped' }
          | { __typename: 'JobUnknown' }
         }
      | { __typename: 'WorkflowRun', id: string, vendor: Vendor, vendorId: string, name: string | null, status: JobStatus, vendorStatus: string | null, isCancellable: boolean, createdAt: string | null, state:
          | { __typename: 'JobCancelled' }
          | { __typename: 'JobCancelling' }
          | { __typename: 'JobCompleted' }
          | { __typename: 'JobDraft' }
          | { __typename: 'JobFailed', failure: { message: string } }
          | { __typename: 'JobQueued' }
          | { __typename: 'JobRunning', progress: number | null }
          | { __typename: 'JobSkipped' }
          | { __typename: 'JobUnknown' }
         }
    >, pageInfo: { hasNextPage: boolean, endCursor: string | null }, outages: Array<{ vendor: Vendor, source: string | null, code: ErrorCode, message: string, retryAfterSeconds: number | null }>, warnings: Array<{ vendor: Vendor, source: string | null, code: JobsWarningCode, message: string }> }, vendors: Array<{ vendor: Vendor, mode: VendorMode, circuit: CircuitState }> };

export type RecordQueryVariables = Exact<{
  by?: RecordBy;
}>;


export type RecordQuery = { record: { id: string, vendorId: string, name: string | null, status: JobStatus, isTerminal: boolean, createdAt: string | null, updatedAt: string | null, collectionName: string | null, source: RecordSource, link: string | null, rulesCount: number | null, rulesPassCount: number | null, rulesFailCount: number | null, rulesWarnCount: number | null, usage: unknown, rules: Array<{ key: string, name: string | null, status: RuleStatus, result: unknown, error: string | null, onSuccess: RuleVerdict | null, onFail: RuleVerdict | null, run: { id: string, status: JobStatus, startedAt: string | null, endedAt: string | null } | null }> | null, errors: Array<{ key: string, message: string, errors: Array<{ path: Array<string>, message: string }> }> | null, config: { rules: Array<{ key: string, workflowId: string | null, disabled: boolean | null }>, mappings: Array<{ sourcePath: string, destinationPaths: Array<string> }> } | null, createdBy: { name: string | null } | null, entity: { type: string | null, entityId: string | null, status: string | null } | null, tags: Array<{ name: string, color: string | null }> | null } | null };

export type WorkflowRunQueryVariables = Exact<{
  by?: WorkflowRunBy;
}>;


export type WorkflowRunQuery = { workflowRun: { id: string, vendorId: string, status: JobStatus, vendorStatus: string | null, isTerminal: boolean, startedAt: string | null, endedAt: string | null, origin: RunOrigin, version: number | null, input: unknown, result: unknown, error: string | null, usage: unknown, output: Array<{ key: string, type: string | null, status: JobStatus, error: string | null, startedAt: string | null, endedAt: string | null }> | null, workflowVersion: { version: number | null, description: string | null, steps: Array<{ key: string, type: string, destinations: Array<string> | null }> | null } | null, record: { id: string, name: string | null, status: JobStatus } | null, retention: { maxAgeInSeconds: number | null } | null } | null };

export type ExecutionQueryVariables = Exact<{
  by?: ExecutionBy;
}>;


export type ExecutionQuery = { execution: { id: string, vendorId: string, name: string | null, status: JobStatus, vendorStatus: string | null, isTerminal: boolean, createdAt: string | null, startedAt: string | null, endedAt: string | null, processingTimeMs: number | null, priority: number | null, context: unknown, state:
      | { failure: { message: string, code: string | null } }
      | Record<PropertyKey, never>
    , pipeline: { ref: string | null, steps: Array<{ name: string | null, ref: string | null, status: JobStatus, progress: number | null, startedAt: string | null, endedAt: string | null }> | null } | null, exception: { message: string | null, errorType: string | null, advice: string | null, documentationUrl: string | null, validationErrors: Array<{ option: string | null, message: string | null }> | null } | null, statusMessages: Array<{ title: string | null, type: string | null, createdAt: string | null }> | null, parent: { id: string, status: JobStatus } | null, children: { totalCount: number | null, nodes: Array<{ id: string, name: string | null, status: JobStatus }> } | null } | null };

export type CancelRecordMutationVariables = Exact<{
  by?: RecordBy;
}>;


export type CancelRecordMutation = { cancelRecord:
    | { __typename: 'CancelRecordSuccess', outcome: CancelOutcome, record: { id: string, status: JobStatus } }
    | { __typename: 'JobNotCancellableError', code: ErrorCode, message: string, job:
        | { id: string, status: JobStatus }
        | { id: string, status: JobStatus }
        | { id: string, status: JobStatus }
       | null }
    | { __typename: 'JobNotFoundError', code: ErrorCode, message: string }
    | { __typename: 'VendorError', vendor: Vendor, retryAfterSeconds: number | null, vendorMessage: string | null, code: ErrorCode, message: string }
   };

export type CancelWorkflowRunMutationVariables = Exact<{
  by?: WorkflowRunBy;
}>;


export type CancelWorkflowRunMutation = { cancelWorkflowRun:
    | { __typename: 'CancelWorkflowRunSuccess', outcome: CancelOutcome, workflowRun: { id: string, status: JobStatus, endedAt: string | null } }
    | { __typename: 'JobNotCancellableError', code: ErrorCode, message: string, job:
        | { id: string, status: JobStatus }
        | { id: string, status: JobStatus }
        | { id: string, status: JobStatus }
       | null }
    | { __typename: 'JobNotFoundError', code: ErrorCode, message: string }
    | { __typename: 'VendorError', vendor: Vendor, retryAfterSeconds: number | null, vendorMessage: string | null, code: ErrorCode, message: string }
   };

export type CancelExecutionMutationVariables = Exact<{
  by?: ExecutionBy;
}>;


export type CancelExecutionMutation = { cancelExecution:
    | { __typename: 'CancelExecutionSuccess', outcome: CancelOutcome, execution: { id: string, status: JobStatus, endedAt: string | null } }
    | { __typename: 'JobNotCancellableError', code: ErrorCode, message: string, job:
        | { id: string, status: JobStatus }
        | { id: string, status: JobStatus }
        | { id: string, status: JobStatus }
       | null }
    | { __typename: 'JobNotFoundError', code: ErrorCode, message: string }
    | { __typename: 'VendorError', vendor: Vendor, retryAfterSeconds: number | null, vendorMessage: string | null, incidentId: string | null, code: ErrorCode, message: string }
   };

export type StatusesQueryVariables = Exact<{
  ids?: Array<string | number> | string | number;
}>;


export type StatusesQuery = { nodes: Array<
    | { vendor: Vendor, name: string | null, status: JobStatus, isTerminal: boolean, id: string }
    | { vendor: Vendor, name: string | null, status: JobStatus, isTerminal: boolean, id: string }
    | { vendor: Vendor, name: string | null, status: JobStatus, isTerminal: boolean, id: string }
   | null> };

export type WatchSubscriptionVariables = Exact<{
  id?: string | number;
}>;


export type WatchSubscription = { jobUpdated:
    | { id: string, status: JobStatus, isTerminal: boolean, state:
        | { progress: number | null }
        | Record<PropertyKey, never>
       }
    | { id: string, status: JobStatus, isTerminal: boolean, state:
        | { progress: number | null }
        | Record<PropertyKey, never>
       }
    | { id: string, status: JobStatus, isTerminal: boolean, state:
        | { progress: number | null }
        | Record<PropertyKey, never>
       }
   };


export const JobsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Jobs"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"JobFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}},"defaultValue":{"kind":"IntValue","value":"20"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"jobs"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"vendor"}},{"kind":"Field","name":{"kind":"Name","value":"vendorId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"vendorStatus"}},{"kind":"Field","name":{"kind":"Name","value":"isCancellable"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"state"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"JobRunning"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"progress"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"JobFailed"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"outages"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"vendor"}},{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"Field","name":{"kind":"Name","value":"warnings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"vendor"}},{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"vendors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"vendor"}},{"kind":"Field","name":{"kind":"Name","value":"mode"}},{"kind":"Field","name":{"kind":"Name","value":"circuit"}}]}}]}}]} as unknown as DocumentNode<JobsQuery, JobsQueryVariables>;
export const RecordDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Record"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"by"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RecordBy"}}},"defaultValue":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"ref"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"collectionId"},"value":{"kind":"StringValue","value":"col_invoices","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"recordId"},"value":{"kind":"StringValue","value":"rec_completed","block":false}}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"record"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"by"},"value":{"kind":"Variable","name":{"kind":"Name","value":"by"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"vendorId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"isTerminal"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"collectionName"}},{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"link"}},{"kind":"Field","name":{"kind":"Name","value":"rulesCount"}},{"kind":"Field","name":{"kind":"Name","value":"rulesPassCount"}},{"kind":"Field","name":{"kind":"Name","value":"rulesFailCount"}},{"kind":"Field","name":{"kind":"Name","value":"rulesWarnCount"}},{"kind":"Field","name":{"kind":"Name","value":"rules"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"result"}},{"kind":"Field","name":{"kind":"Name","value":"error"}},{"kind":"Field","name":{"kind":"Name","value":"onSuccess"}},{"kind":"Field","name":{"kind":"Name","value":"onFail"}},{"kind":"Field","name":{"kind":"Name","value":"run"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"config"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rules"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"workflowId"}},{"kind":"Field","name":{"kind":"Name","value":"disabled"}}]}},{"kind":"Field","name":{"kind":"Name","value":"mappings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sourcePath"}},{"kind":"Field","name":{"kind":"Name","value":"destinationPaths"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"createdBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"entity"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"entityId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}},{"kind":"Field","name":{"kind":"Name","value":"tags"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"color"}}]}},{"kind":"Field","name":{"kind":"Name","value":"usage"}}]}}]}}]} as unknown as DocumentNode<RecordQuery, RecordQueryVariables>;
export const WorkflowRunDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"WorkflowRun"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"by"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"WorkflowRunBy"}}},"defaultValue":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"ref"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"workflowId"},"value":{"kind":"StringValue","value":"work_extract","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"runId"},"value":{"kind":"StringValue","value":"run_completed","block":false}}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"workflowRun"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"by"},"value":{"kind":"Variable","name":{"kind":"Name","value":"by"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"vendorId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"vendorStatus"}},{"kind":"Field","name":{"kind":"Name","value":"isTerminal"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"origin"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"input"}},{"kind":"Field","name":{"kind":"Name","value":"result"}},{"kind":"Field","name":{"kind":"Name","value":"error"}},{"kind":"Field","name":{"kind":"Name","value":"output"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"error"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"workflowVersion"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"steps"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"destinations"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"record"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}},{"kind":"Field","name":{"kind":"Name","value":"retention"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"maxAgeInSeconds"}}]}},{"kind":"Field","name":{"kind":"Name","value":"usage"}}]}}]}}]} as unknown as DocumentNode<WorkflowRunQuery, WorkflowRunQueryVariables>;
export const ExecutionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Execution"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"by"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ExecutionBy"}}},"defaultValue":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"executionId"},"value":{"kind":"StringValue","value":"00000000-0000-4000-8000-000000000003","block":false}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"execution"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"by"},"value":{"kind":"Variable","name":{"kind":"Name","value":"by"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"vendorId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"vendorStatus"}},{"kind":"Field","name":{"kind":"Name","value":"isTerminal"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"processingTimeMs"}},{"kind":"Field","name":{"kind":"Name","value":"priority"}},{"kind":"Field","name":{"kind":"Name","value":"state"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"JobFailed"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"code"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pipeline"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ref"}},{"kind":"Field","name":{"kind":"Name","value":"steps"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"ref"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"progress"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"exception"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"errorType"}},{"kind":"Field","name":{"kind":"Name","value":"advice"}},{"kind":"Field","name":{"kind":"Name","value":"documentationUrl"}},{"kind":"Field","name":{"kind":"Name","value":"validationErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"option"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"statusMessages"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"parent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}},{"kind":"Field","name":{"kind":"Name","value":"children"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"5"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"context"}}]}}]}}]} as unknown as DocumentNode<ExecutionQuery, ExecutionQueryVariables>;
export const CancelRecordDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CancelRecord"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"by"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RecordBy"}}},"defaultValue":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"ref"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"collectionId"},"value":{"kind":"StringValue","value":"col_invoices","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"recordId"},"value":{"kind":"StringValue","value":"rec_long_running","block":false}}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cancelRecord"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"by"},"value":{"kind":"Variable","name":{"kind":"Name","value":"by"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CancelRecordSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"record"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"JobNotCancellableError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"job"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VendorError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"vendor"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"vendorMessage"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<CancelRecordMutation, CancelRecordMutationVariables>;
export const CancelWorkflowRunDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CancelWorkflowRun"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"by"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"WorkflowRunBy"}}},"defaultValue":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"ref"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"workflowId"},"value":{"kind":"StringValue","value":"work_extract","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"runId"},"value":{"kind":"StringValue","value":"run_long_running","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"discoverable"},"value":{"kind":"BooleanValue","value":false}}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cancelWorkflowRun"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"by"},"value":{"kind":"Variable","name":{"kind":"Name","value":"by"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CancelWorkflowRunSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"workflowRun"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"JobNotCancellableError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"job"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VendorError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"vendor"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"vendorMessage"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<CancelWorkflowRunMutation, CancelWorkflowRunMutationVariables>;
export const CancelExecutionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CancelExecution"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"by"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ExecutionBy"}}},"defaultValue":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"executionId"},"value":{"kind":"StringValue","value":"00000000-0000-4000-8000-000000000001","block":false}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cancelExecution"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"by"},"value":{"kind":"Variable","name":{"kind":"Name","value":"by"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CancelExecutionSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"execution"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"JobNotCancellableError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"job"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VendorError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"vendor"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"vendorMessage"}},{"kind":"Field","name":{"kind":"Name","value":"incidentId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<CancelExecutionMutation, CancelExecutionMutationVariables>;
export const StatusesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Statuses"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"ids"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}},"defaultValue":{"kind":"ListValue","values":[{"kind":"StringValue","value":"RXhlY3V0aW9uOjAwMDAwMDAwLTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwMQ","block":false},{"kind":"StringValue","value":"RXhlY3V0aW9uOjAwMDAwMDAwLTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwMg","block":false},{"kind":"StringValue","value":"RXhlY3V0aW9uOjAwMDAwMDAwLTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwMw","block":false},{"kind":"StringValue","value":"UmVjb3JkOmMvY29sX2ludm9pY2VzL3JlY19jb21wbGV0ZWQ","block":false},{"kind":"StringValue","value":"V29ya2Zsb3dSdW46Yy93b3JrX2V4dHJhY3QvcnVuX2NvbXBsZXRlZA","block":false}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"ids"},"value":{"kind":"Variable","name":{"kind":"Name","value":"ids"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Job"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"vendor"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"isTerminal"}}]}}]}}]}}]} as unknown as DocumentNode<StatusesQuery, StatusesQueryVariables>;
export const WatchDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"Watch"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},"defaultValue":{"kind":"StringValue","value":"RXhlY3V0aW9uOjAwMDAwMDAwLTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwMQ","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"jobUpdated"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"isTerminal"}},{"kind":"Field","name":{"kind":"Name","value":"state"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"JobRunning"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"progress"}}]}}]}}]}}]}}]} as unknown as DocumentNode<WatchSubscription, WatchSubscriptionVariables>;