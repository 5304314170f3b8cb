/** The contracts' view types stand beside RPC interfaces; a page has no RPC, so their base is nothing here. */
declare namespace Rpc {
  interface WorkerEntrypointBranded {}
  interface DurableObjectBranded {}
}
