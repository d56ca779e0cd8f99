/** Pieces of the Python text of an exported module. */

const indented = (by: number, lines: readonly string[]): string =>
  lines.map(line => `${' '.repeat(by)}${line}`).join('\n')

/**
 * The text of the activation and of a dense net.
 * @param lines what computes `value` and `slope` of `t`
 */
export const net = (learnable: boolean, leading: boolean, lines: readonly string[]): string => `
def activation(t${learnable ? ', beta' : ''}):
    """The activation and its slope."""
${indented(4, lines)}
    return value, slope


class Net(torch.nn.Module):
    """A dense net: its value [n, d] and its Jacobian [n, d, d], row i the derivatives of output i."""

    def __init__(self, tensors, name):
        super().__init__()
        self.weights = torch.nn.ParameterList([torch.nn.Parameter(tensors[f"{name}.layers.{i}.weight"]) for i in range(LAYERS)])
        self.biases = torch.nn.ParameterList([torch.nn.Parameter(tensors[f"{name}.layers.{i}.bias"]) for i in range(LAYERS)])
${learnable ? '        self.betas = torch.nn.ParameterList([torch.nn.Parameter(tensors[f"{name}.betas.{i}"]) for i in range(BETAS)])\n' : ''}
    def forward(self, x):
        h, jacobian = x, torch.eye(x.shape[1], dtype=x.dtype, device=x.device).expand(x.shape[0], -1, -1)
        for i in range(LAYERS):
${leading ? '' : '            if i > 0:\n'}${indented(leading ? 12 : 16, [
  `h, slope = activation(h${learnable ? `, self.betas[i${leading ? '' : ' - 1'}]` : ''})`,
  'jacobian = slope[:, :, None] * jacobian'
])}
            h = h @ self.weights[i].T + self.biases[i]
            jacobian = self.weights[i] @ jacobian
        return h, jacobian
`

/** The text of what finds roots and log-determinants. */
export const solver = `
def plus_identity(jacobian):
    return jacobian + torch.eye(jacobian.shape[1], dtype=jacobian.dtype, device=jacobian.device)


def log_det(jacobian):
    return torch.linalg.slogdet(plus_identity(jacobian))[1]


def root(net, y):
    """The z with z + g(z) = y, row by row, and whether it was found.

    Newton's steps; where one does not shrink |F| = |z + g(z) - y|, a step of the fixed-point iteration, which does for a
    contraction.
    """
    tolerance = 1e-12 if y.dtype == torch.float64 else 1e-5

    def residual(z):
        g, jacobian = net(z)
        f = z + g - y.detach()
        return f, jacobian, f.norm(dim=1)

    with torch.no_grad():
        z = y.detach()
        f, jacobian, size = residual(z)
        for _ in range(500):
            going = ~(size <= tolerance * (1 + z.norm(dim=1)))
            if not going.any():
                break
            newton = z - torch.linalg.solve(plus_identity(jacobian), f[:, :, None])[:, :, 0]
            better = residual(newton)[2] <= 0.999 * size
            z = torch.where((going & better)[:, None], newton, torch.where(going[:, None], z - f, z))
            f, jacobian, size = residual(z)
        converged = size <= tolerance * (1 + z.norm(dim=1))
    # One more of Newton's steps, which carries the gradients.
    g, jacobian = net(z)
    step = torch.linalg.solve(plus_identity(jacobian).detach(), (z + g - y)[:, :, None])[:, :, 0]
    return z - step, converged
`

/** The text of the flow: blocks and ActNorms in their order. */
export const flow = (implicit: boolean, documentation: readonly string[]): string => `
class Flow(torch.nn.Module):
    """${documentation.map((line, i) => (i === 0 || line === '' ? line : `    ${line}`)).join('\n')}
    """

    def __init__(self, dtype=torch.float64):
        super().__init__()
        data = torch.frombuffer(bytearray(base64.b64decode(NUMBERS)), dtype=torch.float64)
        assert sys.byteorder == "little", "the numbers are little-endian"
        tensors, at = {}, 0
        for name, shape in SHAPES:
            size = math.prod(shape)
            tensors[name] = data[at : at + size].reshape(shape).to(dtype).clone()
            at += size
        self.gx = torch.nn.ModuleList([Net(tensors, f"blocks.{i}.gx") for i in range(BLOCKS)])
${implicit ? '        self.gz = torch.nn.ModuleList([Net(tensors, f"blocks.{i}.gz") for i in range(BLOCKS)])\n' : ''}        self.shifts = torch.nn.ParameterList([torch.nn.Parameter(tensors[f"actNorms.{i}.shift"]) for i in range(len(ACTNORMS))])
        self.log_scales = torch.nn.ParameterList([torch.nn.Parameter(tensors[f"actNorms.{i}.logScale"]) for i in range(len(ACTNORMS))])
        self.register_buffer("mean", torch.tensor(MEAN, dtype=dtype))
        self.register_buffer("scale", torch.tensor(SCALE, dtype=dtype))

    def norms_before(self, block):
        return [(self.shifts[i], self.log_scales[i]) for i, place in enumerate(ACTNORMS) if place == block]

    def forward(self, points):
        """Noise [n, d], log-density [n] in nats, whether every root was found [n]."""
        x = (points - self.mean) / self.scale
        total = -self.scale.log().sum().expand(x.shape[0])
        converged = torch.ones(x.shape[0], dtype=torch.bool, device=x.device)
        for block in range(BLOCKS + 1):
            for shift, log_scale in self.norms_before(block):
                x, total = (x + shift) * log_scale.exp(), total + log_scale.sum()
            if block == BLOCKS:
                break
            g, jacobian = self.gx[block](x)
            x, total = x + g, total + log_det(jacobian)
${
  implicit
    ? `            x, found = root(self.gz[block], x)
            total, converged = total - log_det(self.gz[block](x)[1]), converged & found
`
    : ''
}        return x, total - 0.5 * (x * x).sum(dim=1) - 0.5 * x.shape[1] * math.log(2 * math.pi), converged

    def log_prob(self, points):
        """Log-density [n] in nats."""
        return self(points)[1]

    def sample(self, noise):
        """Points [n, d] in the units of the data, and whether every root was found [n]."""
        z = noise
        converged = torch.ones(z.shape[0], dtype=torch.bool, device=z.device)
        for block in reversed(range(BLOCKS + 1)):
            if block < BLOCKS:
${implicit ? '                z = z + self.gz[block](z)[0]\n' : ''}                z, found = root(self.gx[block], z)
                converged = converged & found
            for shift, log_scale in reversed(self.norms_before(block)):
                z = z * (-log_scale).exp() - shift
        return z * self.scale + self.mean, converged
`
