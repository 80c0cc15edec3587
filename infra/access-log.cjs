// One JSON object a request, with no address and nothing that a client sent but the route: who calls is nobody's
// business here. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
const fields = {
  time: '$context.requestTimeEpoch',
  requestId: '$context.requestId',
  routeKey: '$context.routeKey',
  status: '$context.status',
  responseLatency: '$context.responseLatency',
  integrationLatency: '$context.integrationLatency',
  integrationError: '$context.integrationErrorMessage',
  authorizerError: '$context.authorizer.error',
  gatewayError: '$context.error.message',
  responseLength: '$context.responseLength',
};

module.exports = () => JSON.stringify(fields);
