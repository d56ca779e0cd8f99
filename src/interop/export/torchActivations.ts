import type { ActivationName } from '../../net/activations.js'

/** Every activation in PyTorch: lines that compute `value` and `slope` of `t`, and for learnable ones of a raw `beta`. */
export const torchActivations: Readonly<Record<ActivationName, readonly string[]>> = {
  sine: ['s = 2 * math.pi * t', 'value, slope = torch.sin(s) / (2 * math.pi), torch.cos(s)'],
  lipSwish: [
    's = torch.logaddexp(beta, torch.zeros_like(beta))',
    'y = torch.sigmoid(s * t)',
    'value, slope = t * y / 1.1, (y + s * t * y * (1 - y)) / 1.1'
  ],
  elu: [
    'low = torch.clamp(t, max=0)',
    'value, slope = torch.where(t > 0, t, torch.expm1(low)), torch.where(t > 0, torch.ones_like(t), torch.exp(low))'
  ],
  tanh: ['value = torch.tanh(t)', 'slope = 1 - value * value'],
  lipschitzCube: ['inside = torch.clamp(t, -1, 1)', 'value, slope = inside ** 3 / 3 + t - inside, inside ** 2'],
  softplus: ['value, slope = torch.logaddexp(t, torch.zeros_like(t)), torch.sigmoid(t)'],
  identity: ['value, slope = t, torch.ones_like(t)']
}
