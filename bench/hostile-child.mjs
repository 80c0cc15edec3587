// The local server; says over IPC how much CPU time it has used.
await import('../dist/main.js');
process.on('message', (id) => {
  const { user, system } = process.cpuUsage();
  process.send({ id, microseconds: user + system });
});
