import type { Department } from './department.js';

export const electronics: Department = {
  name: 'Electronics',
  description: 'Devices that do one thing well, and can be repaired.',
  traits: [
    'seven years of updates',
    'no account to sign up for',
    'a manual of one page',
    'spare parts for ten years',
  ],
  uses: [
    'It works with whatever you already have.',
    'Grandparents and grandchildren get on with it at once.',
    'It is ready a second after you unpack it.',
  ],
  groups: [
    {
      name: 'Audio',
      description: 'For ears.',
      materials: ['Graphite', 'Walnut', 'Studio', 'Silver', 'Wireless'],
      traits: [
        'a sound that stays clear when it is quiet',
        'buttons that can be found in the dark',
        'cushions or feet that can be replaced',
        'a cable long enough to reach the socket',
      ],
      uses: ['It makes old records sound like new ones.', 'It plays for a long weekend without a socket.'],
      shelves: [
        ['Headphones', ['Headphones', 'Over-Ear Headphones', 'Studio Headphones'], 39, 490],
        ['Earbuds', ['Earbuds', 'Sport Earbuds', 'In-Ear Monitors'], 24, 289],
        ['Speakers', ['Bookshelf Speaker', 'Portable Speaker', 'Soundbar'], 39, 890],
        ['Turntables', ['Turntable', 'Phono Preamp', 'Record Brush'], 19, 790],
        ['Radios', ['Radio', 'Kitchen Radio', 'Clock Radio'], 29, 289],
      ],
    },
    {
      name: 'Computing',
      description: 'For hands and eyes at work.',
      materials: ['Graphite', 'Slim', 'Aluminium', 'Compact', 'Wireless'],
      traits: [
        'ports on the side where hands are',
        'a plate of solid metal underneath',
        'keys or lights that can be dimmed',
        'a cable that can be replaced',
      ],
      uses: [
        'It stays cool and quiet, even in summer.',
        'It travels in a jacket pocket or stays on the desk for years.',
      ],
      shelves: [
        ['Keyboards', ['Keyboard', 'Mechanical Keyboard', 'Number Pad'], 29, 289],
        ['Mice', ['Mouse', 'Trackball', 'Vertical Mouse'], 17, 149],
        ['Webcams', ['Webcam', 'Conference Camera', 'Ring Light'], 29, 249],
        ['Hubs', ['USB Hub', 'Docking Station', 'Card Reader'], 17, 289],
        ['Storage', ['Portable Drive', 'Memory Card', 'Network Drive'], 14, 590],
      ],
    },
    {
      name: 'Smart Home',
      description: 'Clever, and discreet about it.',
      materials: ['Matte White', 'Compact', 'Silver', 'Slim', 'Modular'],
      traits: [
        'a switch that really switches it off',
        'a display that dims at night',
        'settings that survive a power cut',
        'data that never leaves the house',
      ],
      uses: ['It does its work without asking for attention.', 'It pays for itself within two winters.'],
      shelves: [
        ['Smart Bulbs', ['Smart Bulb', 'Light Strip', 'Smart Lamp'], 12, 149],
        ['Thermostats', ['Thermostat', 'Radiator Valve', 'Room Sensor'], 29, 249],
        ['Smart Plugs', ['Smart Plug', 'Power Strip', 'Energy Meter'], 14, 89],
        ['Doorbells', ['Video Doorbell', 'Door Chime', 'Door Sensor'], 19, 229],
        ['Weather Stations', ['Weather Station', 'Rain Gauge', 'Air Monitor'], 29, 289],
      ],
    },
    {
      name: 'Photography',
      description: 'For light, caught.',
      materials: ['Compact', 'Travel', 'Silver', 'Studio', 'Classic'],
      traits: [
        'dials that can be turned in gloves',
        'a strap or a case that lasts',
        'seals against dust and drizzle',
        'a feel that makes you take it along',
      ],
      uses: [
        'It forgives beginners and rewards the patient.',
        'It is small enough to be there when it matters.',
      ],
      shelves: [
        ['Cameras', ['Compact Camera', 'Instant Camera', 'Action Camera'], 79, 1490],
        ['Lenses', ['Prime Lens', 'Zoom Lens', 'Macro Lens'], 129, 1690],
        ['Tripods', ['Tripod', 'Monopod', 'Tabletop Tripod'], 24, 390],
        ['Camera Bags', ['Camera Bag', 'Camera Strap', 'Lens Case'], 14, 249],
        ['Film', ['Film Pack', 'Colour Film', 'Black-and-White Film'], 8, 49],
      ],
    },
  ],
};
