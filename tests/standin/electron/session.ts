type Decide = (isGranted: boolean) => void;
type RequestHandler = (
  contents: unknown,
  permission: string,
  decide: Decide,
  details: { requestingUrl: string },
) => void;
type CheckHandler = (contents: unknown, permission: string, origin: string) => boolean;

// What Electron does where the app sets no handler: it grants.
let onRequest: RequestHandler = (_contents, _permission, decide) => decide(true);
let onCheck: CheckHandler = () => true;
let onDevice: (details: unknown) => boolean = () => true;

export const session = {
  defaultSession: {
    setPermissionRequestHandler: (handler: RequestHandler) => void (onRequest = handler),
    setPermissionCheckHandler: (handler: CheckHandler) => void (onCheck = handler),
    setDevicePermissionHandler: (handler: (details: unknown) => boolean) => void (onDevice = handler),
  },
};

/** What the app's handlers say to a permission that a page at this address asks for, for the tests. */
export async function decisionsOn(permission: string, address: string): Promise<Record<string, boolean>> {
  return {
    request: await new Promise<boolean>((decide) =>
      onRequest(null, permission, decide, { requestingUrl: address }),
    ),
    check: onCheck(null, permission, address),
    device: onDevice({ deviceType: permission }),
  };
}
