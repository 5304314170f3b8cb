/**
 * Only the self-contained browser bundle of @scalar/api-reference is served (workers/gateway/scripts/prepare-assets.ts).
 * Its 27 dependencies (269 packages, 270 MB) are for those who bundle it themselves; they are not installed.
 */
/** @param {{ name: string, dependencies: Record<string, string> }} manifest */
function readPackage(manifest) {
  if (manifest.name === "@scalar/api-reference") manifest.dependencies = {};
  return manifest;
}

module.exports = { hooks: { readPackage } };
