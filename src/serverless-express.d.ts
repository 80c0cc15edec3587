/** What serverless-express does not declare: how it writes the answer of each kind of event. */
declare module '@codegenie/serverless-express/src/event-sources/index.js' {
  export function getEventSource(choice: { eventSourceName: string }): {
    getRequest: unknown;
    getResponse: unknown;
  };
}
