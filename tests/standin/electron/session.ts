type Decide = (isGranted: boolean) => void;
type RequestHandler = (contents: unknown, permission: string, decide: Decide) => void;
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

/** What the app's handlers say to a permission, for the tests. */
export async function decisionsOn(permission: string): Promise<Record<string, boolean>> {
  return {
    request: await new Promise<boolean>((decide) => onRequest(null, permission, decide)),
    check: onCheck(null, permission, 'app://weft/'),
    device: onDevice({ deviceType: permission }),
  };
}
