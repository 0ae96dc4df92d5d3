"""The nets of `cgan28` and `kepkreator` and their training step, as one writes them in plain PyTorch.

Fakes are drawn once a step and detached for the discriminator, and Adam is used with its defaults, as in PyTorch's own
DCGAN tutorial; the memory format is channels last, and the half-precision row runs under `torch.autocast` to bfloat16.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as f

from gan.recipes import Recipe


def same(x: torch.Tensor, kernel: int, stride: int) -> torch.Tensor:
    """Pad as Keras' "same" does, which puts the odd pixel below and to the right."""
    total = [max((math.ceil(n / stride) - 1) * stride + kernel - n, 0) for n in x.shape[2:]]
    if all(t % 2 == 0 for t in total):
        return x
    return f.pad(x, (total[1] // 2, total[1] - total[1] // 2, total[0] // 2, total[0] - total[0] // 2))


class Conv(nn.Conv2d):
    """A convolution with Keras' "same" padding."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, size: int) -> None:
        total = max((math.ceil(size / stride) - 1) * stride + kernel - size, 0)
        self.odd = total % 2 == 1
        super().__init__(inputs, outputs, kernel, stride, padding=0 if self.odd else total // 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(same(x, self.kernel_size[0], self.stride[0]) if self.odd else x)


class CganGenerator(nn.Module):
    def __init__(self, latent=64, width=32, embedding=32, classes=10) -> None:
        super().__init__()
        self.width = width
        self.embed = nn.Linear(classes, embedding, bias=False)
        self.seed = nn.Linear(latent + embedding, 7 * 7 * 4 * width)
        self.up1 = nn.ConvTranspose2d(4 * width, 3 * width, 4, 2, 1)
        self.conv1 = Conv(3 * width, 3 * width, 3, 1, 14)
        self.up2 = nn.ConvTranspose2d(3 * width, 3 * width // 2, 4, 2, 1)
        self.pixels = Conv(3 * width // 2, 1, 3, 1, 28)

    def forward(self, z, c):
        x = f.leaky_relu(self.seed(torch.cat([z, self.embed(c)], 1)), 0.2)
        x = x.view(-1, 4 * self.width, 7, 7).to(memory_format=torch.channels_last)
        for layer in (self.up1, self.conv1, self.up2):
            x = f.leaky_relu(layer(x), 0.2)
        return torch.tanh(self.pixels(x))


class CganDiscriminator(nn.Module):
    def __init__(self, width=32, classes=10) -> None:
        super().__init__()
        self.convs = nn.ModuleList(
            [
                Conv(1, width, 4, 2, 28),
                Conv(width, 2 * width, 3, 1, 14),
                Conv(2 * width, 4 * width, 4, 2, 14),
                Conv(4 * width, 4 * width, 3, 1, 7),
            ]
        )
        self.features = nn.Linear(4 * width * 49, 8 * width)
        self.class_vector = nn.Linear(classes, 8 * width, bias=False)
        self.realness = nn.Linear(8 * width, 1)

    def forward(self, x, c):
        for layer in self.convs:
            x = f.leaky_relu(layer(x), 0.2)
        x = f.leaky_relu(self.features(x.flatten(1)), 0.2)
        return self.realness(x) + (x * self.class_vector(c)).sum(1, keepdim=True)


class KepkreatorGenerator(nn.Module):
    def __init__(self, latent=96, embedding=10, classes=10) -> None:
        super().__init__()
        self.embed = nn.Linear(classes, embedding, bias=False)
        self.label = nn.Linear(embedding, 392)
        self.latent = nn.Linear(latent, 4704)
        self.up1 = nn.ConvTranspose2d(104, 64, 4, 2, 1)
        self.up2 = nn.ConvTranspose2d(64, 64, 4, 2, 1)
        self.pixels = Conv(64, 1, 7, 1, 28)

    def forward(self, z, c):
        label = torch.tanh(self.label(self.embed(c))).view(-1, 8, 7, 7)
        x = torch.cat([torch.tanh(self.latent(z)).view(-1, 96, 7, 7), label], 1)
        x = x.to(memory_format=torch.channels_last)
        for layer in (self.up1, self.up2, self.pixels):
            x = torch.tanh(layer(x))
        return x


class KepkreatorDiscriminator(nn.Module):
    def __init__(self, embedding=10, classes=10) -> None:
        super().__init__()
        self.embed = nn.Linear(classes, embedding, bias=False)
        self.label = nn.Linear(embedding, 784)
        self.conv1, self.conv2 = Conv(2, 64, 3, 2, 28), Conv(64, 128, 3, 2, 14)
        self.hidden, self.logit = nn.Linear(128 * 49, 128), nn.Linear(128, 1)

    def forward(self, x, c):
        label = torch.tanh(self.label(self.embed(c))).view(-1, 1, 28, 28)
        x = torch.cat([x, label], 1).to(memory_format=torch.channels_last)
        x = torch.tanh(self.conv2(torch.tanh(self.conv1(x))))
        return self.logit(torch.tanh(self.hidden(x.flatten(1))))


NETS = {"cgan28": (CganGenerator, CganDiscriminator), "kepkreator": (KepkreatorGenerator, KepkreatorDiscriminator)}


class TorchGame:
    """One step as `gan.training.adversarial.GanGame` does it, for the two recipes that are compared."""

    def __init__(self, recipe: Recipe, autocast: bool) -> None:
        torch.manual_seed(recipe.seed)
        torch.set_num_threads(torch.get_num_threads())
        self.recipe, self.autocast = recipe, autocast
        generator, discriminator = NETS[recipe.model]
        self.g = generator().to(memory_format=torch.channels_last)
        self.d = discriminator().to(memory_format=torch.channels_last)
        betas = (recipe.beta_1, recipe.beta_2)
        self.optimize_g = torch.optim.Adam(self.g.parameters(), recipe.learning_rate, betas)
        rate = recipe.discriminator_learning_rate
        self.optimize_d = torch.optim.Adam(self.d.parameters(), rate, betas)
        self.average = [p.detach().clone() for p in self.g.parameters()] if recipe.average else None
        self.latent = {"cgan28": 64, "kepkreator": 96}[recipe.model]
        self.rng = np.random.default_rng(recipe.seed)

    def parameters(self) -> dict[str, int]:
        return {n: sum(p.numel() for p in net.parameters()) for n, net in (("g", self.g), ("d", self.d))}

    def train_step(self, step: int, images: np.ndarray, labels: np.ndarray) -> dict[str, float]:
        recipe, n = self.recipe, len(images)
        real = torch.from_numpy(images.astype(np.float32) * np.float32(2 / 255) - 1).permute(0, 3, 1, 2)
        real = real.contiguous(memory_format=torch.channels_last)
        classes = f.one_hot(torch.from_numpy(labels), 10).float()
        penalty = recipe.r1 > 0 and step % recipe.r1_every == 0
        with torch.autocast("cpu", torch.bfloat16, enabled=self.autocast):
            fake = self.g(self._latents(n), classes)
            real.requires_grad_(penalty)
            on_real = self.d(real, classes)
            on_fake = self.d(fake.detach(), classes)
        d_loss = f.softplus(-on_real.float()).mean() + f.softplus(on_fake.float()).mean()
        if penalty:
            (slope,) = torch.autograd.grad(on_real.sum(), real, create_graph=True)
            d_loss = d_loss + 0.5 * recipe.r1 * recipe.r1_every * slope.square().sum((1, 2, 3)).mean()
        self.optimize_d.zero_grad()
        d_loss.backward()
        self.optimize_d.step()
        with torch.autocast("cpu", torch.bfloat16, enabled=self.autocast):
            if not recipe.shared_pass:
                fake = self.g(self._latents(n), classes)
            on_fake = self.d(fake, classes)
        g_loss = f.softplus(-on_fake.float()).mean()
        self.optimize_g.zero_grad()
        g_loss.backward()
        self.optimize_g.step()
        if self.average is not None:
            torch._foreach_lerp_(self.average, [p.detach() for p in self.g.parameters()], 0.002)
        return {"g_loss": g_loss.item(), "d_loss": d_loss.item()}

    def _latents(self, n: int) -> torch.Tensor:
        return torch.from_numpy(self.rng.standard_normal((n, self.latent), np.float32))
